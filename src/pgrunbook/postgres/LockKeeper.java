package pgrunbook.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks, again and again, whether the lock is still there. */
final class LockKeeper implements TargetLock.Held {
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final int ANSWER_MILLIS = 10_000;
  private static final Duration SILENCE = Duration.ofSeconds(15);

  private static final String STILL_THERE =
      """
      SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2
         AND pid = pg_backend_pid() AND classid = ?::int::oid AND objid = hashtext(?)::oid)
      """;

  private final Connection connection;
  private final String target;
  private final Thread thread;
  private volatile @Nullable String lost;
  private volatile boolean closed;
  private volatile long heardAt = System.nanoTime();

  LockKeeper(Connection connection, String target) throws SQLException {
    this.connection = connection;
    this.target = target;
    connection.setNetworkTimeout(Runnable::run, ANSWER_MILLIS);
    this.thread = Thread.ofPlatform().daemon().name("lock keeper").start(this::keep);
  }

  @Override
  public Optional<String> lost() {
    if (!closed && lost == null) {
      ask(); // what the keeper heard two seconds ago is too old to begin a step on
    }
    var why = lost;
    if (why == null && System.nanoTime() - heardAt > SILENCE.toNanos()) {
      return Optional.of("no word from the server for " + SILENCE.toSeconds() + " s");
    }
    return Optional.ofNullable(why);
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    AdvisoryLock.close(connection);
  }

  private void keep() {
    try {
      while (!closed && lost == null) {
        Thread.sleep(PAUSE);
        ask();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private synchronized void ask() {
    if (lost != null) {
      return;
    }
    try {
      var there =
          Rows.first(connection, STILL_THERE, row -> row.getBoolean(1), AdvisoryLock.CLASS, target);
      if (!there.orElse(false)) {
        lost = "the server does not know the lock any more";
      }
      heardAt = System.nanoTime();
    } catch (SQLException e) {
      lost = SqlErrors.in(e, Connections.MAINTENANCE).problem().what();
    }
  }
}
