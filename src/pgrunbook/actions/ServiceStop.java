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

/** Stops services and waits until they are stopped; the run owes them from then on. */
public final class ServiceStop
    implements Action<ServiceStop.Input, ServiceStop.Intent, ServiceStop.Output> {

  /** What to stop. */
  public record Input(@Doc("services to stop") Late<List<String>> services) {}

  /**
   * What there was before the first attempt.
   *
   * @param wereRunning the services that were not known to be stopped: those an undo starts again
   */
  public record Intent(List<String> wereRunning) {
    public Intent {
      wereRunning = List.copyOf(wereRunning);
    }
  }

  /**
   * What was done.
   *
   * @param stopped the services that this step stopped, without those that had been
   */
  public record Output(List<String> stopped) {
    public Output {
      stopped = List.copyOf(stopped);
    }
  }

  @Override
  public Kind<Input, Intent, Output> kind() {
    return new Kind<>(
        "service.stop",
        1,
        "stops services and waits until they are stopped",
        Input.class,
        Intent.class,
        Output.class);
  }

  @Override
  public Preview preview(Input in, Look look) {
    var preview = Preview.of(Effect.MUTATING);
    ServiceSteps.show(preview, in.services(), look, List.of(Verb.STOP));
    for (var service : ServiceSteps.claimed(in.services())) {
      var what = "service " + service + " is stopped";
      preview.leaves(new Claim.Owes(ServiceSteps.owedAs(service), what));
    }
    return preview.build();
  }

  /** A service in an unknown state, such as one that restarts all the time, is stopped too. */
  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look) {
    return earlier.orElseGet(() ->
        new Intent(
            in.services().get().stream()
                .distinct()
                .filter(name -> !isStopped(name, look))
                .toList()));
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    for (var service : in.services().get()) {
      if (isStopped(service, act)) {
        act.log().line("service " + service + " is stopped already");
        continue;
      }
      act.progress().doing("stopping " + service);
      try {
        act.services().stop(service, act.deadline());
      } catch (ServiceFailed e) {
        throw ServiceSteps.failed(e);
      }
      act.log().line("service " + service + " is stopped");
    }
    return new Output(intent.wereRunning());
  }

  private static boolean isStopped(String service, Look look) {
    return look.services().state(service) instanceof ServiceState.Stopped;
  }

  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    var found = ServiceSteps.look(in.services().get(), look.services());
    if (found.unknown().isPresent()) {
      return new Observed.Unknown<>(found.unknown().get());
    }
    if (found.running().isEmpty()) {
      return new Observed.Done<>(new Output(intent.wereRunning()));
    }
    return found.running().containsAll(intent.wereRunning())
        ? new Observed.NotDone<>()
        : new Observed.Partly<>("still running: " + String.join(", ", found.running()));
  }

  @Override
  public Optional<Call> undo(Input in, Look look) {
    return Optional.of(
        new Call("service.start", Map.of("services", "${step.intent.were_running}")));
  }
}
