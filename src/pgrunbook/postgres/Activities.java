package pgrunbook.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * Everybody's activity, from pg_stat_activity. An ordinary role sees pid, user and application of
 * others, but neither state nor query nor times; who waits for whom it sees all the same.
 */
public final class Activities {
  private static final String ALL =
      """
      SELECT a.pid, a.backend_start, a.datname, coalesce(a.usename, '') AS usename,
             coalesce(a.application_name, '') AS application_name, a.backend_type,
             nullif(a.state, '') AS state,
             CASE WHEN host(a.client_addr) IS NOT NULL THEN host(a.client_addr)
                  WHEN a.backend_start IS NULL THEN 'not visible' ELSE 'local' END AS client,
             (extract(epoch FROM clock_timestamp() - a.state_change) * 1000)::bigint AS state_age,
             (extract(epoch FROM clock_timestamp() - a.xact_start) * 1000)::bigint AS xact_age,
             a.backend_xid IS NOT NULL AS wrote,
             CASE WHEN a.backend_start IS NOT NULL THEN coalesce(a.query, '') ELSE '' END AS query,
             greatest(age(a.backend_xmin), age(a.backend_xid))::bigint AS oldest_age,
             CASE WHEN w.pid IS NOT NULL THEN pg_blocking_pids(a.pid) ELSE '{}' END AS blocked_by
        FROM pg_stat_activity a
        LEFT JOIN (SELECT DISTINCT pid FROM pg_locks WHERE NOT granted) w ON w.pid = a.pid
       WHERE a.pid <> pg_backend_pid()
       ORDER BY a.backend_start NULLS LAST, a.pid
      """;

  private Activities() {}

  /** All backends but the one that asks, the oldest first. */
  public static List<Activity> all(Connection connection) throws SQLException {
    return Rows.of(connection, ALL, Activities::from);
  }

  private static Activity from(ResultSet row) throws SQLException {
    return new Activity(
        row.getInt("pid"),
        instant(row, "backend_start"),
        Rows.text(row, "datname"),
        row.getString("usename"),
        row.getString("application_name"),
        row.getString("client"),
        Rows.text(row, "backend_type"),
        Rows.text(row, "state"),
        age(row, "state_age"),
        age(row, "xact_age"),
        row.getBoolean("wrote"),
        row.getString("query"),
        Rows.text(row, "oldest_age").map(Long::valueOf),
        List.of((Integer[]) row.getArray("blocked_by").getArray()));
  }

  private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }

  private static Optional<Duration> age(ResultSet row, String column) throws SQLException {
    return Rows.text(row, column).map(text -> Duration.ofMillis(Math.max(0, Long.parseLong(text))));
  }
}
