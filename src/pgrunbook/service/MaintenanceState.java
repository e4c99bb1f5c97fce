package pgrunbook.service;

/** Whether maintenance mode is on, with the reason where that could not be found out. */
public sealed interface MaintenanceState {
  record On() implements MaintenanceState {}

  record Off() implements MaintenanceState {}

  record Unknown(String why) implements MaintenanceState {}
}
