package pgrunbook.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * A cluster's connections of this process, and which of them wait to be used again. All of them
 * lead to one cluster: what was seen on an old connection holds for what is done on a new one.
 */
final class Pool implements AutoCloseable {
  private static final String APPLICATION = "ApplicationName";
  private static final String CLUSTER = "SELECT system_identifier FROM pg_control_system()";

  private final Connections connections;
  private final Supplier<String> application;
  private final Deque<Connection> looking = new ArrayDeque<>();
  private final Deque<Connection> changing = new ArrayDeque<>();
  private final Map<Connection, Integer> open = new ConcurrentHashMap<>();

  /** The system identifier that the first connection found. */
  private final AtomicReference<@Nullable String> cluster = new AtomicReference<>();

  Pool(Connections connections, Supplier<String> application) {
    this.connections = connections;
    this.application = application;
  }

  Connections connections() {
    return connections;
  }

  Connection open(String database, boolean readOnly) {
    var connection = connections.open(database, application.get(), readOnly);
    var accepted = false;
    try {
      refuseAnother(connection);
      open.put(connection, connection.unwrap(PGConnection.class).getBackendPID());
      accepted = true;
      return connection;
    } catch (SQLException e) {
      throw SqlErrors.connecting(e, connections.connector(), database);
    } finally {
      if (!accepted) {
        discard(connection);
      }
    }
  }

  /** An address may have been given to another server while older connections live on. */
  private void refuseAnother(Connection connection) throws SQLException {
    var found = Rows.first(connection, CLUSTER, row -> row.getString(1)).orElse("unknown");
    var first = cluster.compareAndExchange(null, found);
    if (first != null && !first.equals(found)) {
      throw new PostgresException(
          connections.connector()
              + " leads to another cluster now: system identifier "
              + found
              + ", it was "
              + first,
          "who changed the address, or what listens there? look before anything goes on");
    }
  }

  /** A connection to the maintenance database. */
  Connection borrow(boolean readOnly) {
    for (var known = next(readOnly); known != null; known = next(readOnly)) {
      try {
        if (known.isValid(5)) {
          rename(known, application.get());
          return known;
        }
      } catch (SQLException _) {
        // a new one will say what is wrong
      }
      discard(known);
    }
    return open(Connections.MAINTENANCE, readOnly);
  }

  private static void rename(Connection connection, String application) throws SQLException {
    if (!application.equals(connection.getClientInfo(APPLICATION))) {
      connection.setClientInfo(APPLICATION, application);
    }
  }

  /** Keeps it for later; nothing is asked of the server, which may be silent by now. */
  void giveBack(Connection connection, boolean readOnly) {
    try {
      connection.setAutoCommit(true);
      keep(connection, readOnly);
    } catch (SQLException _) {
      discard(connection); // what it was for is done
    }
  }

  private synchronized void keep(Connection connection, boolean readOnly) {
    (readOnly ? looking : changing).push(connection);
  }

  void discard(Connection connection) {
    open.remove(connection);
    try {
      connection.close();
    } catch (SQLException _) {
      // it is not used any more
    }
  }

  /** The process ids, on the server, of this process's connections. */
  Integer[] backends() {
    return open.values().toArray(Integer[]::new);
  }

  @Override
  public void close() {
    for (var known = next(true); known != null; known = next(true)) {
      discard(known);
    }
    for (var known = next(false); known != null; known = next(false)) {
      discard(known);
    }
  }

  private synchronized @Nullable Connection next(boolean readOnly) {
    return (readOnly ? looking : changing).poll();
  }
}
