package pgrunbook.postgres;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** What pg_database says. Columns that not every version has are taken from the row as JSON. */
final class DatabaseQueries {
  private static final String FACTS =
      """
      SELECT d.oid, d.datname, pg_get_userbyid(d.datdba) AS owner,
             pg_encoding_to_char(d.encoding) AS encoding, d.datcollate, d.datctype,
             j ->> 'datlocprovider' AS provider,
             coalesce(j ->> 'datlocale', j ->> 'daticulocale') AS locale,
             j ->> 'daticurules' AS icu_rules,
             j ->> 'datcollversion' AS collation_version,
             {actual_version} AS actual_version,
             t.spcname, d.datallowconn, d.datconnlimit, d.datistemplate,
             CASE WHEN d.datconnlimit <> -2
                   AND (has_database_privilege(d.oid, 'CONNECT')
                        OR pg_has_role('pg_read_all_stats', 'USAGE'))
                  THEN pg_database_size(d.oid) END AS bytes,
             (SELECT count(*) FROM pg_stat_activity a
               WHERE a.datid = d.oid AND a.pid <> pg_backend_pid()
                 AND a.backend_type IS DISTINCT FROM 'autovacuum worker'
                 AND (a.backend_type IS NOT NULL OR a.usesysid IS NOT NULL)) AS sessions
        FROM pg_database d
        JOIN pg_tablespace t ON t.oid = d.dattablespace
       CROSS JOIN to_jsonb(d) AS j
       WHERE
      """;
  private static final int COLLATION_VERSION_SINCE = 15;

  private DatabaseQueries() {}

  static Optional<DatabaseFacts> byName(Connection connection, String name) throws SQLException {
    return Rows.first(connection, facts(connection) + "d.datname = ?", DatabaseQueries::from, name);
  }

  static Optional<DatabaseFacts> byOid(Connection connection, long oid) throws SQLException {
    return Rows.first(connection, facts(connection) + "d.oid = ?::oid", DatabaseQueries::from, oid);
  }

  static List<String> names(Connection connection) throws SQLException {
    return Rows.of(
        connection, "SELECT datname FROM pg_database ORDER BY 1", row -> row.getString(1));
  }

  /** Where its tablespace is; empty for the server's usual one. */
  static Optional<Path> tablespaceFolder(Connection connection, String name) throws SQLException {
    var sql = "SELECT pg_tablespace_location(dattablespace) FROM pg_database WHERE datname = ?";
    return Rows.first(connection, sql, row -> row.getString(1), name)
        .filter(it -> !it.isEmpty())
        .map(Path::of);
  }

  private static String facts(Connection connection) throws SQLException {
    var major = connection.getMetaData().getDatabaseMajorVersion();
    return FACTS.replace(
        "{actual_version}",
        major >= COLLATION_VERSION_SINCE
            ? "pg_database_collation_actual_version(d.oid)"
            : "NULL::text");
  }

  private static DatabaseFacts from(ResultSet row) throws SQLException {
    var provider = Rows.text(row, "provider").map(LocaleProvider::of);
    return new DatabaseFacts(
        row.getLong("oid"),
        row.getString("datname"),
        row.getString("owner"),
        row.getString("encoding"),
        row.getString("datcollate"),
        row.getString("datctype"),
        provider,
        provider.filter(p -> p != LocaleProvider.LIBC).isPresent()
            ? Rows.text(row, "locale")
            : Optional.empty(),
        Rows.text(row, "icu_rules"),
        Rows.text(row, "collation_version"),
        Rows.text(row, "actual_version"),
        row.getString("spcname"),
        Rows.text(row, "bytes").map(Long::valueOf),
        row.getBoolean("datallowconn"),
        row.getInt("datconnlimit"),
        row.getBoolean("datistemplate"),
        row.getInt("sessions"));
  }
}
