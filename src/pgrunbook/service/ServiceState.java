package pgrunbook.service;

/** Whether a service runs, with the reason where that could not be found out. */
public sealed interface ServiceState {
  record Running() implements ServiceState {}

  record Stopped() implements ServiceState {}

  record Unknown(String why) implements ServiceState {}
}
