package pgrunbook.postgres;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Keeps two runs from working on one target. */
public interface TargetLock {
  /**
   * Takes the lock, or nothing where somebody has it.
   *
   * @param by who does, for those who are kept out
   */
  Optional<Held> tryAcquire(String target, String run, String by);

  /**
   * The same for a run whose earlier connection may still have it on the server: that one is ended.
   * Only for whoever knows that no other process carries the run on.
   */
  Optional<Held> takeBack(String target, String run, String by);

  /** Who has it. */
  Optional<Holder> holder(String target);

  /** A lock that this process has until it is closed or lost. */
  interface Held extends AutoCloseable {
    /** Why it is not held any more, such as a restart of the server. */
    Optional<String> lost();

    /** How long the server has not said a word, not even that it refuses. */
    Duration silence();

    @Override
    void close();
  }

  /**
   * Who has a lock.
   *
   * @param application names the run: <code>pgrunbook-lock/RUN</code>
   * @param by who has started it, and on which machine; empty where it does not say so
   * @param role that it is connected as
   */
  record Holder(
      int pid,
      String application,
      String by,
      String role,
      String client,
      Optional<Instant> since) {}
}
