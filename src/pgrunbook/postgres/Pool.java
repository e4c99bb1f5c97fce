package pgrunbook.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** A cluster's connections of this process, and which of them wait to be used again. */
final class Pool implements AutoCloseable {
  private static final String APPLICATION = "ApplicationName";

  private final Connections connections;
  private final Supplier<String> application;
  private final Deque<Connection> idle = new ArrayDeque<>();
  private final Map<Connection, Integer> open = new ConcurrentHashMap<>();

  Pool(Connections connections, Supplier<String> application) {
    this.connections = connections;
    this.application = application;
  }

  Connection open(String database, boolean readOnly) {
    var connection = connections.open(database, application.get(), readOnly);
    try {
      open.put(connection, connection.unwrap(PGConnection.class).getBackendPID());
      return connection;
    } catch (SQLException e) {
      throw SqlErrors.connecting(e, connections.connector(), database);
    }
  }

  /** A connection to the maintenance database, to look with. */
  Connection borrow() {
    for (var known = next(); known != null; known = next()) {
      try {
        if (known.isValid(5)) {
          known.setClientInfo(APPLICATION, application.get());
          return known;
        }
      } catch (SQLException _) {
        // a new one will say what is wrong
      }
      discard(known);
    }
    return open(Connections.MAINTENANCE, true);
  }

  synchronized void giveBack(Connection connection) {
    idle.push(connection);
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
    for (var known = next(); known != null; known = next()) {
      discard(known);
    }
  }

  private synchronized @Nullable Connection next() {
    return idle.poll();
  }
}
