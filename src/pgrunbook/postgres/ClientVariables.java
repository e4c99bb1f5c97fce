package pgrunbook.postgres;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The variables by which PostgreSQL's programs find a database, wherever they run. */
public record ClientVariables(
    Connector connector, String database, String application, Optional<Integer> serverMajor) {
  private static final String OPTIONS =
      "-c default_transaction_read_only=off -c statement_timeout=0 -c lock_timeout=0"
          + " -c idle_in_transaction_session_timeout=0 -c standard_conforming_strings=on";
  private static final int TRANSACTION_TIMEOUT_SINCE = 17;

  /** Those that say where to connect, as whom. */
  public Map<String, String> road() {
    var variables = new LinkedHashMap<String, String>();
    variables.put("PGHOST", connector.host());
    variables.put("PGPORT", Integer.toString(connector.port()));
    variables.put("PGUSER", connector.user());
    variables.put("PGDATABASE", database);
    connector.sslmode().ifPresent(mode -> variables.put("PGSSLMODE", mode));
    return variables;
  }

  /**
   * Those that would only make a shown line longer: a name, and none of the time-outs and other
   * settings of a role or a database that would be in the way of a dump, or in it.
   */
  public Map<String, String> session() {
    var timeout =
        serverMajor.filter(major -> major >= TRANSACTION_TIMEOUT_SINCE).isPresent()
            ? " -c transaction_timeout=0"
            : "";
    var variables = new LinkedHashMap<String, String>();
    variables.put("PGAPPNAME", application);
    variables.put("PGCONNECT_TIMEOUT", "10");
    variables.put("PGOPTIONS", OPTIONS + KeepAliveSockets.SERVER_OPTIONS + timeout);
    return variables;
  }
}
