package pgrunbook.postgres;

import java.time.Instant;
import java.util.Optional;

/** Keeps two runs from working on one target. */
public interface TargetLock {
  /** Takes the lock, or nothing where somebody has it. */
  Optional<Held> tryAcquire(String target, String run);

  /** Who has it. */
  Optional<Holder> holder(String target);

  /** A lock that this process has until it is closed or lost. */
  interface Held extends AutoCloseable {
    /** Why it is not held any more, such as a restart of the server. */
    Optional<String> lost();

    @Override
    void close();
  }

  /**
   * Who has a lock.
   *
   * @param application names the run: <code>pgrunbook-lock/RUN</code>
   */
  record Holder(int pid, String application, String user, String client, Optional<Instant> since) {}
}
