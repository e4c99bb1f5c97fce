package pgrunbook.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is asked of a cluster as a whole. */
final class ServerQueries {
  private static final String FACTS =
      """
      SELECT current_setting('server_version_num')::int AS number,
             current_setting('server_version') AS version,
             (SELECT system_identifier FROM pg_control_system())::text AS system_identifier,
             rolname, rolsuper, rolsuper OR rolcreatedb AS createdb,
             pg_is_in_recovery() AS in_recovery
        FROM pg_roles WHERE rolname = current_user
      """;

  private ServerQueries() {}

  static ServerFacts facts(Connection connection) throws SQLException {
    return Rows.first(
            connection,
            FACTS,
            row ->
                new ServerFacts(
                    row.getInt("number"),
                    row.getString("version"),
                    row.getString("system_identifier"),
                    row.getString("rolname"),
                    row.getBoolean("rolsuper"),
                    row.getBoolean("createdb"),
                    row.getBoolean("in_recovery")))
        .orElseThrow(() -> new SQLException("the current role is not in pg_roles"));
  }

  static Set<String> roles(Connection connection) throws SQLException {
    return new TreeSet<>(
        Rows.of(connection, "SELECT rolname FROM pg_roles", row -> row.getString(1)));
  }

  static Map<String, Boolean> tablespaces(Connection connection) throws SQLException {
    var result = new TreeMap<String, Boolean>();
    Rows.of(
            connection,
            "SELECT spcname, has_tablespace_privilege(oid, 'CREATE') FROM pg_tablespace",
            row -> Map.entry(row.getString(1), row.getBoolean(2)))
        .forEach(entry -> result.put(entry.getKey(), entry.getValue()));
    return result;
  }

  static Map<String, String> extensions(Connection connection) throws SQLException {
    var result = new TreeMap<String, String>();
    Rows.of(
            connection,
            "SELECT name, default_version FROM pg_available_extensions",
            row -> Map.entry(row.getString(1), Rows.text(row, "default_version").orElse("")))
        .forEach(entry -> result.put(entry.getKey(), entry.getValue()));
    return result;
  }

  static List<PreparedTransaction> prepared(Connection connection, String database)
      throws SQLException {
    return Rows.of(
        connection,
        "SELECT gid, owner, prepared FROM pg_prepared_xacts WHERE database = ? ORDER BY prepared",
        row ->
            new PreparedTransaction(
                row.getString("gid"),
                row.getString("owner"),
                row.getObject("prepared", OffsetDateTime.class).toInstant()),
        database);
  }

  static List<ReplicationSlot> slots(Connection connection, String database) throws SQLException {
    return Rows.of(
        connection,
        "SELECT slot_name, plugin, active FROM pg_replication_slots WHERE database = ? ORDER BY 1",
        row ->
            new ReplicationSlot(
                row.getString("slot_name"), row.getString("plugin"), row.getBoolean("active")),
        database);
  }

  /** The catalog hides its connection strings from ordinary roles, the names are for everybody. */
  static Optional<List<String>> subscriptions(Connection connection, String database)
      throws SQLException {
    try {
      return Optional.of(
          Rows.of(
              connection,
              """
              SELECT s.subname FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
               WHERE d.datname = ? ORDER BY 1
              """,
              row -> row.getString(1),
              database));
    } catch (SQLException e) {
      if ("42501".equals(e.getSQLState())) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
