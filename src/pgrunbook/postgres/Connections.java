package pgrunbook.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;
import pgrunbook.text.Secret;

/**
 * Opens connections to one cluster.
 *
 * @param driverProperties more of pgjdbc's properties, such as socketFactory for a relay
 */
public record Connections(Connector connector, Map<String, String> driverProperties) {
  /** The database that every cluster has, for what is no database's own business. */
  static final String MAINTENANCE = "postgres";

  private static final String NO_LIMITS =
      " -c statement_timeout=0 -c lock_timeout=0 -c idle_in_transaction_session_timeout=0";
  private static final int TRANSACTION_TIMEOUT_SINCE = 17;

  public Connections {
    driverProperties = Map.copyOf(driverProperties);
  }

  public Connections(Connector connector) {
    this(connector, Map.of());
  }

  /** A connection in autocommit mode, without the time-outs that a role or database may have. */
  Connection open(String database, String application, boolean readOnly) {
    try {
      var connection = source(database, application, readOnly).getConnection();
      if (connection.getMetaData().getDatabaseMajorVersion() >= TRANSACTION_TIMEOUT_SINCE) {
        Rows.execute(connection, "SET transaction_timeout = 0");
      }
      connection.setReadOnly(readOnly);
      return connection;
    } catch (SQLException e) {
      throw Thread.currentThread().isInterrupted()
          ? PostgresException.interrupted()
          : SqlErrors.connecting(e, connector, database);
    }
  }

  private PGSimpleDataSource source(String database, String application, boolean readOnly)
      throws SQLException {
    var source = new PGSimpleDataSource();
    source.setServerNames(new String[] {connector.host()});
    source.setPortNumbers(new int[] {connector.port()});
    source.setDatabaseName(database);
    source.setUser(connector.user());
    connector.password().map(Secret::reveal).ifPresent(source::setPassword);
    connector.sslmode().ifPresent(source::setSslMode);
    source.setApplicationName(application);
    source.setAssumeMinServerVersion("10"); // sends the application's name with the start
    source.setConnectTimeout(10);
    source.setLoginTimeout(20);
    source.setTcpKeepAlive(true);
    source.setOptions("-c default_transaction_read_only=" + (readOnly ? "on" : "off") + NO_LIMITS);
    for (var property : driverProperties.entrySet()) {
      var known = PGProperty.forName(property.getKey());
      if (known == null) {
        throw new IllegalArgumentException("pgjdbc has no property " + property.getKey());
      }
      source.setProperty(known, property.getValue());
    }
    return source;
  }
}
