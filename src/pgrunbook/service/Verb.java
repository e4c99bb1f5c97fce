package pgrunbook.service;

/** What can be done to a service. */
public enum Verb {
  START,
  STOP,
  CHECK
}
