package pgrunbook.actions;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import pgrunbook.action.Act;
import pgrunbook.action.Action;
import pgrunbook.action.Call;
import pgrunbook.action.Claim;
import pgrunbook.action.Effect;
import pgrunbook.action.Kind;
import pgrunbook.action.Look;
import pgrunbook.action.Observed;
import pgrunbook.action.Preview;
import pgrunbook.action.StepFailed;
import pgrunbook.expression.Late;
import pgrunbook.service.Verb;
import pgrunbook.yaml.Doc;

/** Stops and starts services one after the other; one that was stopped is started. */
public final class ServiceRestart
    implements Action<ServiceRestart.Input, ServiceRestart.Intent, ServiceRestart.Output> {

  /** What to restart. */
  public record Input(
      @Doc("services to restart, one after the other") Late<List<String>> services) {}

  /**
   * What is going to be restarted; what there was before does not tell how far a restart came.
   *
   * @param services those that run after it, and after its undo: one that was cut short may have
   *     left them stopped
   */
  public record Intent(List<String> services) {
    public Intent {
      services = List.copyOf(services);
    }
  }

  /** What was done. */
  public record Output(List<String> restarted) {
    public Output {
      restarted = List.copyOf(restarted);
    }
  }

  @Override
  public Kind<Input, Intent, Output> kind() {
    return new Kind<>(
        "service.restart",
        1,
        "stops and starts services, one after the other",
        Input.class,
        Intent.class,
        Output.class);
  }

  @Override
  public Preview preview(Input in, Look look) {
    var preview = Preview.of(Effect.MUTATING);
    ServiceSteps.show(preview, in.services(), look, List.of(Verb.STOP, Verb.START));
    for (var service : ServiceSteps.claimed(in.services())) {
      var owed = ServiceSteps.owedAs(service);
      preview.leaves(new Claim.Owes(owed, "service " + service + " is stopped"));
      preview.leaves(new Claim.Pays(owed));
      if (PostgresService.is(service, look) && look.services().names().contains(service)) {
        PostgresService.cutOff(preview, look);
      }
    }
    return preview.build();
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look) {
    return new Intent(in.services().get().stream().distinct().toList());
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    for (var service : intent.services()) {
      act.progress().doing("restarting " + service);
      ServiceSteps.stop(service, act);
      act.log().line("service " + service + " is stopped");
      ServiceSteps.start(service, act);
      if (PostgresService.is(service, act)) {
        PostgresService.awaitAnswer(act);
      }
      act.log().line("service " + service + " runs");
    }
    return new Output(intent.services());
  }

  /**
   * A service that runs looks the same before and after a restart. As restarting it once more does
   * no harm, it then counts as not done.
   */
  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    var found = ServiceSteps.look(in.services().get(), look.services());
    if (found.unknown().isPresent()) {
      return new Observed.Unknown<>(found.unknown().get());
    }
    return found.stopped().isEmpty()
        ? new Observed.NotDone<>()
        : new Observed.Partly<>(found.left("stopped, not started", found.stopped()));
  }

  @Override
  public Optional<Call> undo(Input in, Look look) {
    return Optional.of(new Call("service.start", Map.of("services", "${step.intent.services}")));
  }
}
