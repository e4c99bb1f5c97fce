package pgrunbook.actions;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import pgrunbook.action.Act;
import pgrunbook.action.StepFailed;
import pgrunbook.postgres.Activities;
import pgrunbook.postgres.Activity;
import pgrunbook.postgres.PostgresException;
import pgrunbook.postgres.PreparedTransaction;

/** Who keeps even readers out of a table, which is all that a backup has to wait for. */
final class LockHolders {
  private static final String EXCLUSIVE =
      """
      SELECT DISTINCT l.pid FROM pg_locks l JOIN pg_database d ON d.oid = l.database
       WHERE d.datname = ? AND l.locktype = 'relation' AND l.granted AND l.pid IS NOT NULL
         AND l.mode = 'AccessExclusiveLock' AND l.relation >= 16384
      """;

  private LockHolders() {}

  /** A failure that comes from waiting names those who are still there. */
  static StepFailed named(StepFailed failed, String database, Act act) {
    if (!failed.hint().equals(Optional.of(Hints.LOCKED))) {
      return failed;
    }
    try {
      var pids = act.cluster().read(Private.MAINTENANCE, it -> pids(it, database));
      var all = act.cluster().read(Private.MAINTENANCE, Activities::all);
      var who =
          Stream.concat(
                  all.stream().filter(it -> pids.contains(it.pid())).map(Activity::shown),
                  prepared(database, act))
              .toList();
      return who.isEmpty()
          ? failed
          : new StepFailed(
              String.valueOf(failed.getMessage()),
              Optional.of(
                  "tables are locked by "
                      + String.join(", ", who)
                      + ": end it, or raise lock_wait"),
              failed);
    } catch (PostgresException _) {
      return failed;
    }
  }

  /** They belong to no session: only those who know of them end them. */
  static Stream<String> prepared(String database, Act act) {
    return act.cluster().preparedTransactions(database).stream()
        .map(PreparedTransaction::gid)
        .map(gid -> "the prepared transaction '" + gid + "'");
  }

  private static List<Integer> pids(Connection connection, String database) throws SQLException {
    var pids = new ArrayList<Integer>();
    try (var statement = connection.prepareStatement(EXCLUSIVE)) {
      statement.setString(1, database);
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          pids.add(rows.getInt(1));
        }
      }
    }
    return pids;
  }
}
