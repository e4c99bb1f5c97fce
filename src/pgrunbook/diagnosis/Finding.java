package pgrunbook.diagnosis;

/** What one look came to. */
public sealed interface Finding {
  /** It is as it should be. */
  record Fine(String what) implements Finding {}

  /**
   * Something is wrong.
   *
   * @param mend the one command that mends it, or the first thing to do where no command can
   */
  record Trouble(String what, String mend) implements Finding {}

  /** Nobody knows; this is no pass. */
  record CouldNotCheck(String what, String why) implements Finding {}
}
