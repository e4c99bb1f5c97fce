package pgrunbook.diagnosis;

import java.util.List;
import pgrunbook.diagnosis.Finding.CouldNotCheck;
import pgrunbook.diagnosis.Finding.Fine;
import pgrunbook.diagnosis.Finding.Trouble;
import pgrunbook.environment.Maintenance;
import pgrunbook.process.ChildCommand;
import pgrunbook.service.MaintenanceState;
import pgrunbook.service.MaintenanceView;

/** Whether maintenance mode is on although nobody is going to switch it off. */
record MaintenanceMode(Patient patient, MaintenanceView view) {
  /** Under which id runs owe it. */
  private static final String ID = "maintenance";

  List<Finding> look() {
    var settings = patient.environment().maintenance();
    if (settings.isEmpty()) {
      return List.of();
    }
    return List.of(
        switch (view.state()) {
          case MaintenanceState.Off() -> new Fine("maintenance mode is off");
          case MaintenanceState.On() -> on(settings.get());
          case MaintenanceState.Unknown(var why) ->
              new CouldNotCheck("whether maintenance mode is on", why);
        });
  }

  private Finding on(Maintenance settings) {
    var run = patient.wiring().runs().owing(patient.environment().name(), ID);
    if (run.isPresent()) {
      return patient.owed("maintenance mode is on", run.get());
    }
    return new Trouble(
        "maintenance mode is on, and no run owes its end",
        switch (settings) {
          case Maintenance.FlagFile(var path) ->
              ChildCommand.of("rm", path.toString()).shown(patient.masking());
          case Maintenance.Commands(var _, var off, var _) ->
              ChildCommand.of(off).shown(patient.masking());
        });
  }
}
