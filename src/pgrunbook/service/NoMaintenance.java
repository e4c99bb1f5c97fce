package pgrunbook.service;

import pgrunbook.process.Deadline;

/** For environments that name no maintenance mode: it cannot be switched, nor known. */
public final class NoMaintenance implements Maintenance {
  private static final String WHAT = "the environment has no maintenance mode";

  @Override
  public MaintenanceState state() {
    return new MaintenanceState.Unknown(WHAT);
  }

  @Override
  public String shown(boolean on) {
    return "(" + WHAT + ")";
  }

  @Override
  public boolean simulated() {
    return false;
  }

  @Override
  public void on(String run, Deadline deadline) throws ServiceFailed {
    throw none();
  }

  @Override
  public void off(Deadline deadline) throws ServiceFailed {
    throw none();
  }

  private static ServiceFailed none() {
    return new ServiceFailed(
        WHAT, "add 'maintenance: {flag_file: …}' to its file, or leave these steps out");
  }
}
