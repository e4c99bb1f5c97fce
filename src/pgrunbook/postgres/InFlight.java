package pgrunbook.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.postgresql.PGConnection;

/** Work that goes on at this moment, and how it is cancelled where it happens: on the server. */
final class InFlight {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

  /** Does the work on a thread of its own, because JDBC does not notice an interrupt. */
  <T> T call(Connection connection, SqlWork<T> work) throws SQLException, InterruptedException {
    var task = new FutureTask<>(() -> work.on(connection));
    connections.add(connection);
    try {
      var thread = Thread.ofPlatform().daemon().name("sql").start(task);
      try {
        return task.get();
      } catch (InterruptedException _) {
        thread.interrupt();
        return cancelled(connection, task);
      }
    } catch (ExecutionException e) {
      throw unwrapped(e);
    } finally {
      connections.remove(connection);
    }
  }

  void cancelAll() {
    connections.forEach(InFlight::cancel);
  }

  /** What was done nevertheless is a result, and the interrupt is kept for later. */
  private static <T> T cancelled(Connection connection, FutureTask<T> task)
      throws SQLException, InterruptedException {
    var end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() - end < 0) {
      cancel(connection);
      try {
        var result = task.get(200, TimeUnit.MILLISECONDS);
        Thread.currentThread().interrupt();
        return result;
      } catch (TimeoutException | InterruptedException _) {
        // again, until it has ended
      } catch (ExecutionException e) {
        var interrupted = new InterruptedException("cancelled");
        interrupted.addSuppressed(e.getCause());
        throw interrupted;
      }
    }
    connection.abort(Runnable::run);
    throw new InterruptedException("the connection was given up: no answer to a cancel request");
  }

  private static void cancel(Connection connection) {
    try {
      connection.unwrap(PGConnection.class).cancelQuery();
    } catch (SQLException _) {
      // the server is gone, or the statement is: both end the work
    }
  }

  private static SQLException unwrapped(ExecutionException e) throws InterruptedException {
    return switch (e.getCause()) {
      case SQLException sql -> sql;
      case InterruptedException interrupted -> throw interrupted;
      case RuntimeException runtime -> throw runtime;
      case Error error -> throw error;
      case null, default -> throw new IllegalStateException(e);
    };
  }
}
