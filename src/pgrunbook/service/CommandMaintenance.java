package pgrunbook.service;

import java.util.List;
import pgrunbook.process.Deadline;

/** A maintenance mode that commands switch; the check's exit code 0 means on, 3 off. */
public final class CommandMaintenance implements Maintenance {
  private final List<String> on;
  private final List<String> off;
  private final List<String> check;
  private final CommandRunner runner;

  public CommandMaintenance(
      List<String> on, List<String> off, List<String> check, CommandRunner runner) {
    this.on = List.copyOf(on);
    this.off = List.copyOf(off);
    this.check = List.copyOf(check);
    this.runner = runner;
  }

  @Override
  public MaintenanceState state() {
    var checked = runner.check(check);
    return switch (checked.answer()) {
      case YES -> new MaintenanceState.On();
      case NO -> new MaintenanceState.Off();
      case UNKNOWN -> new MaintenanceState.Unknown(checked.why());
    };
  }

  @Override
  public String shown(boolean switchOn) {
    return runner.shown(switchOn ? on : off);
  }

  @Override
  public boolean simulated() {
    return false;
  }

  @Override
  public void on(String run, Deadline deadline) throws ServiceFailed, InterruptedException {
    reach(new MaintenanceState.On(), on, deadline);
  }

  @Override
  public void off(Deadline deadline) throws ServiceFailed, InterruptedException {
    reach(new MaintenanceState.Off(), off, deadline);
  }

  private void reach(MaintenanceState wanted, List<String> argv, Deadline deadline)
      throws ServiceFailed, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (!state().equals(wanted)) {
      var word = wanted instanceof MaintenanceState.On ? "on" : "off";
      runner.act("cannot switch maintenance " + word, argv, () -> state().equals(wanted), deadline);
    }
  }
}
