package pgrunbook.process;

import java.time.Duration;

/** Everything that a child started and that has to end when the child does. */
interface ProcessGroup {
  /** Asks all of it to end. */
  void terminate();

  /** Ends all of it. */
  void kill();

  /** Whether something of it still runs; what only waits to be reaped does not. */
  boolean isAlive();

  static ProcessGroup of(Process process, boolean leader) {
    return leader ? new PosixGroup(process) : new DescendantsGroup(process);
  }

  /**
   * Ends all of it: first asked, then, after the grace, without asking; comes back when it is gone.
   */
  default void end(Duration grace) {
    terminate();
    if (!Waiting.until(grace, () -> !isAlive())) {
      kill();
      Waiting.until(Duration.ofSeconds(10), () -> !isAlive());
    }
  }
}
