package pgrunbook.backup;

/**
 * Whether a restored table holds what the dump says.
 *
 * @param expected rows in the dump
 * @param actual rows in the database, -1 where there is no such table
 * @param why one sentence for {@link Outcome#DIFFERENT} and {@link Outcome#NOT_VERIFIED}
 */
public record TableResult(
    TableName table, Outcome outcome, long expected, long actual, String why) {
  /** Equal and different are proved; anything less is said to be less. */
  public enum Outcome {
    EQUAL,
    DIFFERENT,
    NOT_VERIFIED
  }
}
