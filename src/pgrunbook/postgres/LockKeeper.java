package pgrunbook.postgres;

import java.net.ConnectException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Asks, again and again, whether the lock is still there; when it is lost, whether the server is.
 */
final class LockKeeper implements TargetLock.Held {
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private static final String HELD =
      """
      SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
         WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
           AND l.classid = ?::int::oid AND l.objid = hashtext(?)::oid
           AND l.pid = ? AND split_part(a.application_name, ' ', 1) = ?)
      """;

  private final Connection connection;
  private final Connections connections;
  private final String target;
  private final String application;
  private final int pid;
  private final Duration answer;
  private final Thread thread;
  private volatile @Nullable String lost;
  private volatile boolean closed;
  private volatile Duration silence = Duration.ZERO;

  /**
   * Keeps the lock that this connection has.
   *
   * @param answer how long an answer may take; later, the lock counts as lost
   */
  LockKeeper(
      Connection connection,
      Connections connections,
      String target,
      String application,
      Duration answer)
      throws SQLException {
    this.connection = connection;
    this.connections = connections;
    this.target = target;
    this.application = application;
    this.answer = answer;
    this.pid = connection.unwrap(PGConnection.class).getBackendPID();
    connection.setNetworkTimeout(Runnable::run, (int) answer.toMillis());
    this.thread = Thread.ofPlatform().daemon().name("lock keeper").start(this::keep);
  }

  @Override
  public Optional<String> lost() {
    if (!closed && lost == null) {
      ask(); // what the keeper heard two seconds ago is too old to begin a step on
    }
    return Optional.ofNullable(lost);
  }

  @Override
  public Duration silence() {
    return silence;
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    AdvisoryLock.close(connection);
  }

  /** Whether it was let go of while it was still held: then nobody needs it any more. */
  boolean isGivenBack() {
    return closed && lost == null;
  }

  /** Whether that connection's server knows that this lock is held, still or at all. */
  boolean isKnownTo(Connection writing) throws SQLException {
    return !closed
        && Rows.first(
                writing,
                HELD,
                row -> row.getBoolean(1),
                AdvisoryLock.CLASS,
                target,
                pid,
                application)
            .orElse(false);
  }

  private void keep() {
    try {
      while (!closed) {
        Thread.sleep(PAUSE);
        if (lost == null) {
          ask();
        } else {
          probe();
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private synchronized void ask() {
    if (lost != null) {
      return;
    }
    var start = System.nanoTime();
    try {
      if (!isKnownTo(connection)) {
        lost = "the server does not know the lock any more";
      }
    } catch (SQLException e) {
      silence = inVain(start);
      lost = SqlErrors.in(e, Connections.MAINTENANCE).problem().what();
    }
  }

  /** Adds up how long it was asked in vain: a clock would count what this process slept. */
  private void probe() {
    var start = System.nanoTime();
    try {
      AdvisoryLock.close(connections.open(Connections.MAINTENANCE, "pgrunbook", true));
      silence = Duration.ZERO;
    } catch (PostgresException e) {
      silence = isAnswer(e) ? Duration.ZERO : silence.plus(PAUSE).plus(inVain(start));
    }
  }

  private Duration inVain(long start) {
    var asked = Duration.ofNanos(System.nanoTime() - start);
    return asked.compareTo(answer) < 0 ? asked : answer;
  }

  /** A server that refuses, or whose container is known to be stopped, is not silent. */
  private static boolean isAnswer(PostgresException e) {
    return !e.sqlState().startsWith("08")
        || Stream.iterate((Throwable) e, cause -> cause != null, Throwable::getCause)
            .anyMatch(it ->
                it instanceof Unreachable
                    || (it instanceof ConnectException
                        && String.valueOf(it.getMessage()).contains("refused")));
  }
}
