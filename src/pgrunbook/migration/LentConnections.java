package pgrunbook.migration;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A data source that hands out connections which somebody else has opened and will close. */
final class LentConnections implements DataSource, AutoCloseable {
  private final Deque<Connection> free = new ArrayDeque<>();

  private LentConnections(List<Connection> connections) {
    free.addAll(connections);
  }

  /**
   * @param before statements that each connection runs before it is lent
   */
  static LentConnections of(List<Connection> connections, List<String> before) throws SQLException {
    for (var connection : connections) {
      for (var sql : before) {
        try (var statement = connection.createStatement()) {
          statement.execute(sql);
        }
      }
    }
    return new LentConnections(connections);
  }

  @Override
  public synchronized Connection getConnection() throws SQLException {
    var connection = free.poll();
    if (connection == null) {
      throw new SQLException("flyway asks for more connections than it was given");
    }
    return (Connection)
        Proxy.newProxyInstance(
            LentConnections.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (_, method, arguments) -> call(connection, method, arguments));
  }

  /** Closing gives it back, as it was. */
  private @Nullable Object call(
      Connection connection, Method method, @Nullable Object @Nullable [] arguments)
      throws Throwable {
    if (method.getName().equals("close")) {
      giveBack(connection);
      return null;
    }
    try {
      return method.invoke(connection, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private synchronized void giveBack(Connection connection) throws SQLException {
    if (!free.contains(connection) && !connection.isClosed()) {
      if (!connection.getAutoCommit()) {
        connection.rollback();
        connection.setAutoCommit(true);
      }
      free.push(connection);
    }
  }

  @Override
  public void close() {
    free.clear();
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("the connections are open already");
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) {
    // whoever opened the connections logs
  }

  @Override
  public void setLoginTimeout(int seconds) {
    // they are open already
  }

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLException("not a wrapper for " + type.getName());
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
