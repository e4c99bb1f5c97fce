package pgrunbook.service;

import java.io.IOException;
import java.nio.file.Path;
import pgrunbook.process.Deadline;

/** The maintenance mode of a rehearsal, off at first: nobody sees it. */
public final class SimulatedMaintenance implements Maintenance {
  private static final String KEY = "maintenance";
  private static final String OFF = "off";

  private final SimulatedState state;

  /** Keeps its state in that folder. */
  public SimulatedMaintenance(Path folder) {
    this.state = new SimulatedState(folder.resolve("maintenance.properties"));
  }

  @Override
  public MaintenanceState state() {
    try {
      return state.get(KEY, OFF).equals(OFF)
          ? new MaintenanceState.Off()
          : new MaintenanceState.On();
    } catch (IOException e) {
      return new MaintenanceState.Unknown("cannot read the simulated state: " + e.getMessage());
    }
  }

  @Override
  public String shown(boolean on) {
    return "(simulated) maintenance " + (on ? "on" : "off");
  }

  @Override
  public boolean simulated() {
    return true;
  }

  @Override
  public void on(String run, Deadline deadline) throws ServiceFailed {
    state.put(KEY, "on by run " + run);
  }

  @Override
  public void off(Deadline deadline) throws ServiceFailed {
    state.put(KEY, OFF);
  }
}
