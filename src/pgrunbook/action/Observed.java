package pgrunbook.action;

/** Where a step was found when a run is picked up again. */
public sealed interface Observed<O extends Record> {
  /** The effect is there, whole. */
  record Done<O extends Record>(O outputs) implements Observed<O> {}

  /** Nothing of the effect is there. */
  record NotDone<O extends Record>() implements Observed<O> {}

  /** Some of the effect is there; a new attempt of the same action can go on from it. */
  record Partly<O extends Record>(String what) implements Observed<O> {}

  /** Nobody can tell; an operator has to decide. */
  record Unknown<O extends Record>(String why) implements Observed<O> {}
}
