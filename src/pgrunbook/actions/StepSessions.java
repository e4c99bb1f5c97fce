package pgrunbook.actions;

import java.time.Duration;
import pgrunbook.action.Act;
import pgrunbook.postgres.PostgresException;

/** The sessions of a step's client programs. */
final class StepSessions {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private StepSessions() {}

  /** A statement such as CREATE INDEX goes on without its client, unless its session is ended. */
  static void end(Act act) throws InterruptedException {
    var interrupted = Thread.interrupted();
    try {
      act.cluster().endSessions(act.run().applicationName(), PATIENCE);
    } catch (PostgresException e) {
      act.log().line("sessions of this step could not be ended: " + e.problem());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
