package pgrunbook.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A lock on the server itself, so that it works between machines, and ends with the connection that
 * has it. It lives in the database <code>postgres</code>, which no run renames or drops.
 */
public final class AdvisoryLock implements TargetLock, Fence {
  /** "pgrb": tells these locks from an application's own. */
  static final int CLASS = 0x70677262;

  private static final String APPLICATION = "pgrunbook-lock/";

  private static final String HOLDER =
      """
      SELECT a.pid, split_part(a.application_name, ' ', 1) AS application, a.usename,
             substr(a.application_name, strpos(a.application_name || ' ', ' ') + 1) AS by,
             a.backend_start,
             coalesce(host(a.client_addr), 'local or not visible') AS client
        FROM pg_locks l
        JOIN pg_stat_activity a ON a.pid = l.pid
       WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
         AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
         AND l.classid = ?::int::oid AND l.objid = hashtext(?)::oid
      """;

  /**
   * A network that is cut for less costs nothing: the server keeps the lock, and packets arrive.
   */
  private static final Duration ANSWER = Duration.ofSeconds(60);

  private static final Duration GONE = Duration.ofSeconds(10);

  private final Connections connections;
  private final Duration answer;
  private volatile Optional<LockKeeper> latest = Optional.empty();

  public AdvisoryLock(Connections connections) {
    this(connections, ANSWER);
  }

  AdvisoryLock(Connections connections, Duration answer) {
    this.connections = connections;
    this.answer = answer;
  }

  @Override
  public Optional<Held> tryAcquire(String target, String run, String by) {
    var connection = open(Names.fitting(APPLICATION + run + " " + by, ""));
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
      if (!acquired) {
        return Optional.empty();
      }
      var keeper = new LockKeeper(connection, connections, target, APPLICATION + run, answer);
      latest = Optional.of(keeper);
      return Optional.of(keeper);
    } catch (SQLException e) {
      throw SqlErrors.in(e, Connections.MAINTENANCE);
    } finally {
      if (!acquired) {
        close(connection);
      }
    }
  }

  @Override
  public Optional<Held> takeBack(String target, String run, String by) {
    var end = System.nanoTime() + GONE.toNanos();
    var held = tryAcquire(target, run, by);
    while (held.isEmpty() && System.nanoTime() - end < 0 && endHolder(target, run)) {
      LockSupport.parkNanos(50_000_000);
      held = tryAcquire(target, run, by);
    }
    return held;
  }

  /** Whether the run itself has it, by a connection that nobody has any more. */
  private boolean endHolder(String target, String run) {
    var holder = holder(target).filter(it -> it.application().equals(APPLICATION + run));
    if (holder.isEmpty()) {
      return holder(target).isEmpty(); // it has gone by itself
    }
    try (var connection = open("pgrunbook")) {
      return Rows.first(
              connection,
              "SELECT pg_terminate_backend(?)",
              row -> row.getBoolean(1),
              holder.get().pid())
          .isPresent();
    } catch (SQLException e) {
      throw SqlErrors.in(e, Connections.MAINTENANCE);
    }
  }

  /** Nothing is checked where no lock was taken, or it was given back: what needs none has none. */
  @Override
  public void check(Connection connection) throws SQLException {
    var keeper = latest.filter(it -> !it.isGivenBack());
    if (keeper.isPresent() && !keeper.get().isKnownTo(connection)) {
      throw new PostgresException(
          "the lock on the target was lost: nothing more is written",
          "somebody else may work there by now; look, then 'resume' or 'rollback'");
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
                  Rows.text(row, "application").orElse(""),
                  Rows.text(row, "by").orElse(""),
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
