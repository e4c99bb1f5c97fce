package pgrunbook.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.ds.PGSimpleDataSource;
import pgrunbook.text.Secret;

/**
 * Opens connections to one cluster.
 *
 * @param relayKey under which the driver finds the relay that is the road to it; empty for TCP
 */
public record Connections(Connector connector, Optional<String> relayKey) {
  /** The database that every cluster has, for what is no database's own business. */
  public static final String MAINTENANCE = "postgres";

  private static final String NO_LIMITS =
      " -c statement_timeout=0 -c lock_timeout=0 -c idle_in_transaction_session_timeout=0";
  private static final int IDLE_SESSION_TIMEOUT_SINCE = 14;
  private static final int TRANSACTION_TIMEOUT_SINCE = 17;

  public Connections(Connector connector) {
    this(connector, Optional.empty());
  }

  /** The relay that is the road to the server, where there is one. */
  Optional<Relay> relay() {
    return relayKey.flatMap(RelaySocketFactory::relay);
  }

  /** Connections through a relay, which alone knows where the server is. */
  public static Connections through(Relay relay, Connector connector) {
    return new Connections(connector, Optional.of(RelaySocketFactory.keyOf(relay)));
  }

  /** A connection in autocommit mode, without the time-outs that a role or database may have. */
  Connection open(String database, String application, boolean readOnly) {
    try {
      var connection = connect(source(database, application, readOnly));
      var major = connection.getMetaData().getDatabaseMajorVersion();
      if (major >= IDLE_SESSION_TIMEOUT_SINCE) {
        Rows.execute(
            connection,
            "SET idle_session_timeout = 0"
                + (major >= TRANSACTION_TIMEOUT_SINCE ? "; SET transaction_timeout = 0" : ""));
      }
      connection.setReadOnly(readOnly);
      return connection;
    } catch (SQLException e) {
      throw Thread.currentThread().isInterrupted()
          ? PostgresException.interrupted()
          : SqlErrors.connecting(e, connector, database);
    }
  }

  /** Not by the DriverManager, which loads the driver of every database on the class path. */
  private static Connection connect(PGSimpleDataSource source) throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", source.getUser());
    Optional.ofNullable(source.getPassword())
        .ifPresent(password -> properties.setProperty("password", password));
    return Objects.requireNonNull(new Driver().connect(source.getUrl(), properties));
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
    source.setOptions(
        "-c default_transaction_read_only="
            + (readOnly ? "on" : "off")
            + NO_LIMITS
            + KeepAliveSockets.SERVER_OPTIONS);
    if (relayKey.isPresent()) {
      source.setSocketFactory(RelaySocketFactory.class.getName());
      source.setSocketFactoryArg(relayKey.get());
    } else {
      source.setSocketFactory(KeepAliveSockets.class.getName());
    }
    return source;
  }
}
