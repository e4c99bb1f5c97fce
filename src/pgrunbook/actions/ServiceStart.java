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
import pgrunbook.service.ServiceFailed;
import pgrunbook.service.ServiceState;
import pgrunbook.service.Verb;
import pgrunbook.yaml.Doc;

/** Starts services and waits until they run, which gives back what stopping them took. */
public final class ServiceStart
    implements Action<ServiceStart.Input, ServiceStart.Intent, ServiceStart.Output> {

  /** What to start; where the list turns out empty in a run, there is nothing to do. */
  public record Input(@Doc("services to start") Late<List<String>> services) {}

  /**
   * What there was before the first attempt.
   *
   * @param wereStopped the services that were stopped: those an undo stops again
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
    return earlier.orElseGet(() ->
        new Intent(
            ServiceSteps.look(in.services().get(), look.services()).stopped().stream()
                .distinct()
                .toList()));
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    for (var service : in.services().get()) {
      if (act.services().state(service) instanceof ServiceState.Running) {
        act.log().line("service " + service + " runs already");
        continue;
      }
      act.progress().doing("starting " + service);
      try {
        act.services().start(service, act.deadline());
      } catch (ServiceFailed e) {
        throw ServiceSteps.failed(e);
      }
      act.log().line("service " + service + " runs");
    }
    return new Output(intent.wereStopped());
  }

  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    var found = ServiceSteps.look(in.services().get(), look.services());
    if (found.unknown().isPresent()) {
      return new Observed.Unknown<>(found.unknown().get());
    }
    if (found.stopped().isEmpty()) {
      return new Observed.Done<>(new Output(intent.wereStopped()));
    }
    return found.stopped().containsAll(intent.wereStopped())
        ? new Observed.NotDone<>()
        : new Observed.Partly<>("still stopped: " + String.join(", ", found.stopped()));
  }

  @Override
  public Optional<Call> undo(Input in, Look look) {
    return Optional.of(new Call("service.stop", Map.of("services", "${step.intent.were_stopped}")));
  }
}
