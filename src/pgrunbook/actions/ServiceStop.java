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

  /** A service in an unknown state, and one that runs in part, is stopped too. */
  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look) {
    return earlier.orElseGet(() ->
        new Intent(
            in.services().get().stream()
                .distinct()
                .filter(name -> !ServiceSteps.isStopped(name, look))
                .toList()));
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    for (var service : in.services().get()) {
      if (ServiceSteps.isStopped(service, act)) {
        act.log().line("service " + service + " is stopped already");
        continue;
      }
      act.progress().doing("stopping " + service);
      ServiceSteps.stop(service, act);
      act.log().line("service " + service + " is stopped");
    }
    return new Output(intent.wereRunning());
  }

  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    var found = ServiceSteps.look(in.services().get(), look.services());
    return ServiceSteps.stopped(found, intent.wereRunning(), new Output(intent.wereRunning()));
  }

  @Override
  public Optional<Call> undo(Input in, Look look) {
    return Optional.of(
        new Call("service.start", Map.of("services", "${step.intent.were_running}")));
  }
}
