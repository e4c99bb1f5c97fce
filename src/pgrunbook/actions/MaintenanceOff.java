package pgrunbook.actions;

import java.util.Map;
import java.util.Optional;
import pgrunbook.action.Act;
import pgrunbook.action.Action;
import pgrunbook.action.Call;
import pgrunbook.action.Claim;
import pgrunbook.action.Kind;
import pgrunbook.action.Look;
import pgrunbook.action.Observed;
import pgrunbook.action.Preview;
import pgrunbook.action.StepFailed;
import pgrunbook.service.MaintenanceState;
import pgrunbook.service.ServiceFailed;

/** Switches the environment's maintenance mode off, which gives back what switching it on took. */
public final class MaintenanceOff
    implements Action<MaintenanceOff.Input, MaintenanceOff.Intent, MaintenanceOff.Output> {
  /** Nothing to choose: the environment says how it is switched. */
  public record Input() {}

  /**
   * What there was before the first attempt.
   *
   * @param wasOn whether it was on; then an undo switches it on again
   */
  public record Intent(boolean wasOn) {}

  /** What there was before. */
  public record Output(boolean wasOn) {}

  @Override
  public Kind<Input, Intent, Output> kind() {
    return new Kind<>(
        "maintenance.off",
        1,
        "switches the environment's maintenance mode off",
        Input.class,
        Intent.class,
        Output.class);
  }

  @Override
  public Preview preview(Input in, Look look) {
    return MaintenanceOn.preview(look, false).leaves(new Claim.Pays(MaintenanceOn.OWED)).build();
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look) throws StepFailed {
    return earlier.isPresent() ? earlier.get() : new Intent(MaintenanceOn.isOn(look));
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    try {
      act.maintenance().off(act.deadline());
    } catch (ServiceFailed e) {
      throw ServiceSteps.failed(e);
    }
    act.log().line("maintenance mode is off");
    return new Output(intent.wasOn());
  }

  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    return switch (look.maintenance().state()) {
      case MaintenanceState.Off() -> new Observed.Done<>(new Output(intent.wasOn()));
      case MaintenanceState.On() -> new Observed.NotDone<>();
      case MaintenanceState.Unknown(var why) -> new Observed.Unknown<>(why);
    };
  }

  @Override
  public Optional<Call> undo(Input in, Look look) {
    return Optional.of(new Call("maintenance.on", Map.of()).when("step.intent.was_on"));
  }
}
