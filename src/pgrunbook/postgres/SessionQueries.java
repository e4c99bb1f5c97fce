package pgrunbook.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * Who is connected. Autovacuum makes way by itself, a parallel worker goes with its leader. An
 * ordinary role does not see the backend_type of others, but always their role, which autovacuum
 * has not.
 */
final class SessionQueries {
  private static final String SESSIONS =
      """
      SELECT pid, datname, coalesce(usename, '') AS usename,
             coalesce(application_name, '') AS application_name,
             coalesce(nullif(state, ''), backend_type, 'not visible') AS state,
             CASE WHEN host(client_addr) IS NOT NULL THEN host(client_addr)
                  WHEN state IS NULL THEN 'not visible' ELSE 'local' END AS client,
             backend_start,
             CASE WHEN state = 'active'
                  THEN extract(epoch FROM clock_timestamp() - query_start) * 1000
                   END::bigint AS age
        FROM pg_stat_activity
       WHERE coalesce(backend_type, '') NOT IN ('autovacuum worker', 'parallel worker')
         AND (backend_type IS NOT NULL OR usesysid IS NOT NULL)
         AND pid <> pg_backend_pid() AND pid <> ALL (?) AND
      """;

  /** Whoever has taken a target over has taken its lock first, which is seen here. */
  private static final String ORPHANS =
      """
      application_name ~ '^pgrunbook/[0-9]{8}-[0-9]{6}-[a-z0-9]{4}/'
         AND NOT EXISTS (
             SELECT FROM pg_stat_activity k
              WHERE split_part(k.application_name, ' ', 1) =
                    'pgrunbook-lock/' || split_part(pg_stat_activity.application_name, '/', 2))
         AND EXISTS (
             SELECT FROM (VALUES (?)) t (target)
              WHERE datname IN (target, 'postgres') OR starts_with(datname, target || '_'))
       ORDER BY backend_start, pid
      """;

  private SessionQueries() {}

  /** Sessions of runs without a lock, in that database, in those made for it, or in postgres. */
  static List<Session> orphans(Connection connection, String database, Integer... without)
      throws SQLException {
    return query(connection, ORPHANS, database, without);
  }

  static List<Session> in(Connection connection, String database, Integer... without)
      throws SQLException {
    return query(connection, "datname = ? ORDER BY backend_start, pid", database, without);
  }

  static List<Session> named(Connection connection, String prefix, Integer... without)
      throws SQLException {
    return query(
        connection,
        "starts_with(application_name, ?) ORDER BY backend_start, pid",
        prefix,
        without);
  }

  private static List<Session> query(
      Connection connection, String condition, String parameter, Integer... without)
      throws SQLException {
    var pids = connection.createArrayOf("int4", without);
    return Rows.of(connection, SESSIONS + condition, SessionQueries::from, pids, parameter);
  }

  private static Session from(ResultSet row) throws SQLException {
    return new Session(
        row.getInt("pid"),
        Rows.text(row, "datname"),
        row.getString("usename"),
        row.getString("application_name"),
        row.getString("client"),
        row.getString("state"),
        Optional.ofNullable(row.getObject("backend_start", OffsetDateTime.class))
            .map(OffsetDateTime::toInstant),
        Rows.text(row, "age").map(Long::valueOf).map(Duration::ofMillis));
  }
}
