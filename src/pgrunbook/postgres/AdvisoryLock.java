package pgrunbook.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * A lock on the server itself, so that it works between machines, and ends with the connection that
 * has it. It lives in the database <code>postgres</code>, which no run renames or drops.
 */
public final class AdvisoryLock implements TargetLock {
  /** "pgrb": tells these locks from an application's own. */
  static final int CLASS = 0x70677262;

  private static final String HOLDER =
      """
      SELECT a.pid, a.application_name, a.usename, a.backend_start,
             coalesce(host(a.client_addr), 'local or not visible') AS client
        FROM pg_locks l
        JOIN pg_stat_activity a ON a.pid = l.pid
       WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
         AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
         AND l.classid = ?::int::oid AND l.objid = hashtext(?)::oid
      """;

  private final Connections connections;

  public AdvisoryLock(Connections connections) {
    this.connections = connections;
  }

  @Override
  public Optional<Held> tryAcquire(String target, String run) {
    var connection = open("pgrunbook-lock/" + run);
    var acquired = false;
    try {
      acquired =
          Rows.first(
                  connection,
                  "SELECT pg_try_advisory_lock(?, hashtext(?))",
                  row -> row.getBoolean(1),
                  CLASS,
                  target)
              .orElse(false);
      return acquired ? Optional.of(new LockKeeper(connection, target)) : Optional.empty();
    } catch (SQLException e) {
      throw SqlErrors.in(e, Connections.MAINTENANCE);
    } finally {
      if (!acquired) {
        close(connection);
      }
    }
  }

  @Override
  public Optional<Holder> holder(String target) {
    var connection = open("pgrunbook");
    try {
      return Rows.first(
          connection,
          HOLDER,
          row ->
              new Holder(
                  row.getInt("pid"),
                  Rows.text(row, "application_name").orElse(""),
                  Rows.text(row, "usename").orElse(""),
                  row.getString("client"),
                  Optional.ofNullable(row.getObject("backend_start", OffsetDateTime.class))
                      .map(OffsetDateTime::toInstant)),
          CLASS,
          target);
    } catch (SQLException e) {
      throw SqlErrors.in(e, Connections.MAINTENANCE);
    } finally {
      close(connection);
    }
  }

  private Connection open(String application) {
    return connections.open(Connections.MAINTENANCE, application, false);
  }

  static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException _) {
      // the server lets go of the lock when it notices
    }
  }
}
