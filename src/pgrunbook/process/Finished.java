package pgrunbook.process;

import java.time.Duration;
import java.util.List;

/**
 * How a child ended.
 *
 * @param exit its exit code; 128 + the signal where a signal ended it
 * @param timedOut whether it was ended because its deadline passed
 * @param inputLeft whether it ended before it had taken all of its input
 * @param confirmed whether it is known to have ended; a program somewhere else may run on when the
 *     connection to it is lost
 * @param errorTail the last lines of its standard error, not masked
 */
public record Finished(
    int exit,
    boolean timedOut,
    boolean inputLeft,
    boolean confirmed,
    List<String> errorTail,
    Duration took) {
  public Finished {
    errorTail = List.copyOf(errorTail);
  }

  /** Exit code 0, really its own, in time, with all of its input read. */
  public boolean succeeded() {
    return exit == 0 && confirmed && !timedOut && !inputLeft;
  }

  /** One line about a failure, such as <code>exit code 3: psql: error: …</code>. */
  public String why() {
    var how =
        timedOut
            ? "ended because its time was over"
            : exit == 0 && !confirmed
                ? "the connection to it was lost, it may still run"
                : exit == 0 && inputLeft
                    ? "ended before it had read its input"
                    : "exit code " + exit;
    return errorTail.isEmpty() ? how : how + ": " + errorTail.getLast();
  }
}
