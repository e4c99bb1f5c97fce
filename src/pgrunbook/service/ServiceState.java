package pgrunbook.service;

/** Whether a service runs, with the reason where that could not be found out. */
public sealed interface ServiceState {
  record Running() implements ServiceState {}

  record Stopped() implements ServiceState {}

  /**
   * Neither running nor stopped.
   *
   * @param what the part that is missing: <code>1 of 2 containers</code>, <code>paused</code>
   */
  record Partly(String what) implements ServiceState {}

  record Unknown(String why) implements ServiceState {}
}
