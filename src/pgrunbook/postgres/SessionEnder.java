package pgrunbook.postgres;

import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Ends other people's sessions, and keeps new ones out. */
final class SessionEnder {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int PAUSE_MILLIS = 50;

  private final PlainCluster cluster;

  SessionEnder(PlainCluster cluster) {
    this.cluster = cluster;
  }

  List<Integer> endNamed(String prefix, Duration patience) throws InterruptedException {
    if (prefix.isEmpty()) {
      throw new IllegalArgumentException("an empty prefix would end every session");
    }
    var what = "sessions named '" + prefix + "…'";
    return endAll(what, () -> cluster.sessionsNamed(prefix), patience).stream()
        .map(Session::pid)
        .toList();
  }

  List<Integer> endOrphans(String database, Duration patience) throws InterruptedException {
    var what = "sessions of runs that have no lock on '" + database + "'";
    return endAll(what, () -> cluster.orphans(database), patience).stream()
        .map(Session::pid)
        .toList();
  }

  List<Session> close(String database) throws InterruptedException {
    refusePrepared(database);
    allowConnections(database, false);
    var closed = false;
    try {
      var what = "sessions in database '" + database + "'";
      var ended = endAll(what, () -> everybodyIn(database), PATIENCE);
      refusePrepared(database);
      closed = true;
      return ended;
    } finally {
      if (!closed) {
        reopen(database);
      }
    }
  }

  void allowConnections(String database, boolean allow) throws InterruptedException {
    cluster.manage("ALTER DATABASE " + Identifiers.quote(database) + " ALLOW_CONNECTIONS " + allow);
  }

  /** Also when the thread was interrupted: a database that nobody may enter is found at once. */
  private void reopen(String database) {
    var interrupted = Thread.interrupted();
    try {
      allowConnections(database, true);
    } catch (InterruptedException _) {
      interrupted = true;
    } catch (PostgresException _) {
      // what made closing fail is reported, and is why this failed too
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private List<Session> everybodyIn(String database) {
    return cluster.look(connection -> SessionQueries.in(connection, database));
  }

  private List<Session> endAll(String what, Supplier<List<Session>> look, Duration patience)
      throws InterruptedException {
    Map<Integer, Session> ended = new LinkedHashMap<>();
    var end = System.nanoTime() + patience.toNanos();
    for (var found = look.get(); !found.isEmpty(); found = look.get()) {
      if (System.nanoTime() - end >= 0) {
        throw new PostgresException(
            what + " are still there after " + patience.toSeconds() + " s: " + shown(found),
            "look at them in pg_stat_activity; what started them may have to be stopped first");
      }
      found.forEach(session -> ended.put(session.pid(), session));
      terminate(found);
      Thread.sleep(PAUSE_MILLIS);
    }
    return List.copyOf(ended.values());
  }

  private void terminate(List<Session> sessions) {
    cluster.look(connection -> {
      for (var session : sessions) {
        try {
          Rows.of(
              connection,
              "SELECT pg_terminate_backend(?)",
              row -> row.getBoolean(1),
              session.pid());
        } catch (SQLException e) {
          throw refused(e, session);
        }
      }
      return sessions.size();
    });
  }

  private static RuntimeException refused(SQLException e, Session session) throws SQLException {
    if (!"42501".equals(e.getSQLState())) {
      throw e;
    }
    return new PostgresException(
        "not allowed to end the session of " + session.shown() + ": " + words(e),
        "GRANT pg_signal_backend to this role, or end it as " + session.user() + " or a superuser");
  }

  private static String words(SQLException e) {
    return SqlErrors.lowercase(String.valueOf(e.getMessage()).replaceFirst("^ERROR: ", ""));
  }

  private void refusePrepared(String database) {
    var prepared = cluster.preparedTransactions(database);
    if (!prepared.isEmpty()) {
      throw new PostgresException(
          "database '"
              + database
              + "' is used by prepared transactions: "
              + prepared.stream().map(PreparedTransaction::gid).collect(Collectors.joining(", ")),
          "end them in that database: COMMIT PREPARED or ROLLBACK PREPARED "
              + Literals.quote(prepared.getFirst().gid()));
    }
  }

  private static String shown(List<Session> sessions) {
    return sessions.stream().map(Session::shown).collect(Collectors.joining("; "));
  }
}
