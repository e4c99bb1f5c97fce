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
import pgrunbook.service.ServiceState;
import pgrunbook.service.Verb;
import pgrunbook.yaml.Doc;

/**
 * Starts services and waits until they run, which gives back what stopping them took. Those that
 * run already are waited for, too: they may not be ready yet.
 */
public final class ServiceStart
    implements Action<ServiceStart.Input, ServiceStart.Intent, ServiceStart.Output> {

  /** What to start; where the list turns out empty in a run, there is nothing to do. */
  public record Input(@Doc("services to start") Late<List<String>> services) {}

  /**
   * What there was before the first attempt.
   *
   * @param wereStopped the services that were stopped, or ran in part: those an undo stops
   */
  public record Intent(List<String> wereStopped) {
    public Intent {
      wereStopped = List.copyOf(wereStopped);
    }
  }

  /**
   * What was done.
   *
   * @param started the services that this step started, without those that ran already
   */
  public record Output(List<String> started) {
    public Output {
      started = List.copyOf(started);
    }
  }

  @Override
  public Kind<Input, Intent, Output> kind() {
    return new Kind<>(
        "service.start",
        1,
        "starts services and waits until they run",
        Input.class,
        Intent.class,
        Output.class);
  }

  @Override
  public Preview preview(Input in, Look look) {
    var preview = Preview.of(Effect.MUTATING);
    ServiceSteps.show(preview, in.services(), look, List.of(Verb.START));
    for (var service : ServiceSteps.claimed(in.services())) {
      preview.leaves(new Claim.Pays(ServiceSteps.owedAs(service)));
    }
    return preview.build();
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look) {
    return earlier.orElseGet(
        () -> new Intent(ServiceSteps.look(in.services().get(), look.services()).stopped()));
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    for (var service : in.services().get()) {
      var ran = act.services().state(service) instanceof ServiceState.Running;
      act.progress().doing((ran ? "waiting for " : "starting ") + service);
      ServiceSteps.start(service, act);
      act.log().line("service " + service + (ran ? " runs already" : " runs"));
    }
    return new Output(intent.wereStopped());
  }

  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    var found = ServiceSteps.look(in.services().get(), look.services());
    return ServiceSteps.started(found, intent.wereStopped(), new Output(intent.wereStopped()));
  }

  @Override
  public Optional<Call> undo(Input in, Look look) {
    return Optional.of(new Call("service.stop", Map.of("services", "${step.intent.were_stopped}")));
  }
}
