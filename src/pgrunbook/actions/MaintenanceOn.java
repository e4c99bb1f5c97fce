package pgrunbook.actions;

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
import pgrunbook.service.MaintenanceState;
import pgrunbook.service.NoMaintenance;
import pgrunbook.service.ServiceFailed;

/** Switches the environment's maintenance mode on; the run owes it from then on. */
public final class MaintenanceOn
    implements Action<MaintenanceOn.Input, MaintenanceOn.Intent, MaintenanceOn.Output> {
  /** Under which id the maintenance mode is owed. */
  static final String OWED = "maintenance";

  /** Nothing to choose: the environment says how it is switched. */
  public record Input() {}

  /**
   * What there was before the first attempt.
   *
   * @param wasOn whether somebody else had switched it on; then an undo leaves it on
   */
  public record Intent(boolean wasOn) {}

  /** What there was before. */
  public record Output(boolean wasOn) {}

  @Override
  public Kind<Input, Intent, Output> kind() {
    return new Kind<>(
        "maintenance.on",
        1,
        "switches the environment's maintenance mode on",
        Input.class,
        Intent.class,
        Output.class);
  }

  @Override
  public Preview preview(Input in, Look look) {
    var preview = preview(look, true);
    if (look.maintenance().state() instanceof MaintenanceState.On) {
      preview.warning("maintenance mode is on already, so an undo leaves it on");
    }
    return preview.leaves(new Claim.Owes(OWED, "maintenance mode is on")).build();
  }

  /** What both directions show. */
  static Preview.Builder preview(Look look, boolean on) {
    var maintenance = look.maintenance();
    var preview = Preview.of(Effect.MUTATING);
    preview.command(look.masking().mask(maintenance.shown(on)));
    maintenance.obstacle().ifPresent(preview::problem);
    switch (maintenance.state()) {
      case MaintenanceState.On() -> preview.fact("maintenance mode", "on");
      case MaintenanceState.Off() -> preview.fact("maintenance mode", "off");
      case MaintenanceState.Unknown(var why) ->
          preview.problem(
              why,
              maintenance instanceof NoMaintenance
                  ? "add 'maintenance: {flag_file: …}' to the environment's file, or leave out the"
                      + " maintenance steps"
                  : "try the maintenance mode's check by hand");
    }
    return preview;
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look) throws StepFailed {
    return earlier.isPresent() ? earlier.get() : new Intent(isOn(look));
  }

  /** Whether it is on; nothing may be switched where nobody can tell. */
  static boolean isOn(Look look) throws StepFailed {
    return switch (look.maintenance().state()) {
      case MaintenanceState.On() -> true;
      case MaintenanceState.Off() -> false;
      case MaintenanceState.Unknown(var why) ->
          throw new StepFailed(
              "cannot tell whether maintenance mode is on: " + why,
              "try the maintenance mode's check by hand");
    };
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    try {
      act.maintenance().on(act.run().shown(), act.deadline());
    } catch (ServiceFailed e) {
      throw ServiceSteps.failed(e);
    }
    act.log().line("maintenance mode is on");
    return new Output(intent.wasOn());
  }

  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    return switch (look.maintenance().state()) {
      case MaintenanceState.On() -> new Observed.Done<>(new Output(intent.wasOn()));
      case MaintenanceState.Off() -> new Observed.NotDone<>();
      case MaintenanceState.Unknown(var why) -> new Observed.Unknown<>(why);
    };
  }

  @Override
  public Optional<Call> undo(Input in, Look look) {
    return Optional.of(new Call("maintenance.off", Map.of()).when("!step.intent.was_on"));
  }
}
