package pgrunbook.service;

/** The maintenance mode of an environment, for those who only look. */
public interface MaintenanceView {
  MaintenanceState state();

  /** What would be done to switch it, to be shown in a plan. */
  String shown(boolean on);

  /** Whether nothing real is behind it. */
  boolean simulated();
}
