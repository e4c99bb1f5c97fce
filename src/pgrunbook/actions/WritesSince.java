package pgrunbook.actions;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Pattern;
import pgrunbook.action.Act;
import pgrunbook.action.StepFailed;
import pgrunbook.backup.Manifest;
import pgrunbook.backup.Manifests;
import pgrunbook.backup.Verdict;
import pgrunbook.postgres.PostgresException;
import pgrunbook.text.Problems;

/**
 * Says whether anything was written to a database since a moment, and where it can't know it, that.
 *
 * <p>Two ways: marks, which are read in an instant from any database of the cluster, and the
 * content, which is fingerprinted again. Whoever drops a database asks marks after it was closed to
 * connections and its sessions were gone: what a session wrote is counted for sure when it ends.
 */
final class WritesSince {
  /** From then on an ended session's numbers are in the statistics before it is gone. */
  private static final int EXACT_SINCE = 15;

  private static final String QUERY =
      """
      SELECT d.oid, txid_current_snapshot()::text,
             s.tup_inserted, s.tup_updated, s.tup_deleted,
             md5(concat_ws('|', s.stats_reset, pg_postmaster_start_time(),
                 (SELECT stats_reset FROM pg_stat_archiver),
                 (SELECT stats_reset FROM pg_stat_bgwriter))),
             current_setting('track_counts')::boolean
             AND NOT EXISTS (SELECT FROM pg_db_role_setting r, unnest(r.setconfig) c
                             WHERE c ILIKE 'track_counts=%')
             AND current_setting('server_version_num')::int / 10000 >= ?,
             (SELECT count(*) FROM pg_stat_activity a
               WHERE a.datid = d.oid AND a.pid <> pg_backend_pid())
        FROM pg_database d JOIN pg_stat_database s ON s.datid = d.oid
       WHERE d.datname = ?
      """;

  private WritesSince() {}

  /**
   * A moment of a database.
   *
   * @param snapshot changes whenever a transaction that wrote anything in the cluster has ended
   * @param inserted rows, since the statistics began; system catalogs are included
   * @param era changes when the statistics begin anew
   * @param exact whether the numbers can be relied on
   * @param sessions of the database; what they wrote may not be counted before they have ended
   */
  record Mark(
      long oid,
      String snapshot,
      long inserted,
      long updated,
      long deleted,
      String era,
      boolean exact,
      long sessions) {
    private static final String COMMENT = "-- written before the snapshot: ";
    private static final Pattern WRITTEN =
        Pattern.compile("(\\d+) ([0-9:,]+) (-?\\d+) (-?\\d+) (-?\\d+) (\\w+) (true|false) (\\d+)");

    /** What {@link #toString} wrote; nothing for anything else. */
    static Optional<Mark> parse(String text) {
      var m = WRITTEN.matcher(text);
      return m.matches()
          ? Optional.of(
              new Mark(
                  Long.parseLong(m.group(1)),
                  m.group(2),
                  Long.parseLong(m.group(3)),
                  Long.parseLong(m.group(4)),
                  Long.parseLong(m.group(5)),
                  m.group(6),
                  Boolean.parseBoolean(m.group(7)),
                  Long.parseLong(m.group(8))))
          : Optional.empty();
    }

    /** The mark that a backup's manifest has kept, of the moment before its snapshot. */
    static Optional<Mark> of(Manifest manifest) {
      return manifest.source().properties().stream()
          .filter(line -> line.startsWith(COMMENT))
          .findFirst()
          .flatMap(line -> parse(line.substring(COMMENT.length())));
    }

    /** How a manifest keeps it: among the SQL about the database, as a comment. */
    static String comment(String mark) {
      return COMMENT + mark;
    }

    @Override
    public String toString() {
      return "%d %s %d %d %d %s %s %d"
          .formatted(oid, snapshot, inserted, updated, deleted, era, exact, sessions);
    }
  }

  /** What was found. */
  sealed interface Answer {
    /** Nothing was written. */
    record Nothing(String how) implements Answer {}

    /** Something was, or may have been. */
    record Something(String what) implements Answer {}
  }

  /** This moment's mark; can be read from any database of the cluster. */
  static Optional<Mark> mark(Connection connection, String database) throws SQLException {
    try (var statement = connection.prepareStatement(QUERY)) {
      statement.setInt(1, EXACT_SINCE);
      statement.setString(2, database);
      try (var row = statement.executeQuery()) {
        return row.next()
            ? Optional.of(
                new Mark(
                    row.getLong(1),
                    row.getString(2),
                    row.getLong(3),
                    row.getLong(4),
                    row.getLong(5),
                    row.getString(6),
                    row.getBoolean(7),
                    row.getLong(8)))
            : Optional.empty();
      }
    }
  }

  /**
   * Compares two moments. A sequence that was advanced by a transaction that wrote no row is the
   * one thing that it does not see.
   */
  static Answer between(Mark before, Mark now) {
    if (before.oid() != now.oid()) {
      return new Answer.Something("it is another database now (oid " + now.oid() + ")");
    } else if (before.snapshot().equals(now.snapshot())) {
      return new Answer.Nothing("no transaction has written anything in the whole cluster");
    } else if (!before.exact() || !now.exact() || !before.era().equals(now.era())) {
      return new Answer.Something("something was written in the cluster, perhaps in this database");
    }
    if (now.sessions() > 0) {
      return new Answer.Something(
          (now.sessions() == 1 ? "1 session is" : now.sessions() + " sessions are")
              + " still there that may write");
    }
    var inserted = now.inserted() - before.inserted();
    var updated = now.updated() - before.updated();
    var deleted = now.deleted() - before.deleted();
    return inserted == 0 && updated == 0 && deleted == 0
        ? new Answer.Nothing("no row of the database was written")
        : new Answer.Something(
            "rows were written: %d inserted, %d updated, %d deleted"
                .formatted(inserted, updated, deleted));
  }

  /**
   * Since the snapshot of a backup, for a database that was closed to connections and is again when
   * this returns. Marks are compared; where they leave a doubt (an autovacuum's ANALYZE writes
   * rows, too), the database is opened for as long as its content is compared. Where this throws,
   * it may be open.
   */
  static Answer sinceBackupOfClosed(Path backup, String database, Act act)
      throws StepFailed, InterruptedException {
    if (byCounters(backup, database, act) instanceof Answer.Nothing nothing) {
      return nothing;
    }
    try {
      act.cluster().openDatabase(database);
      var opened = mark(database, act);
      var content = sinceBackup(backup, database, act);
      act.cluster().closeDatabase(database);
      return content instanceof Answer.Nothing
              && since(opened, database, act) instanceof Answer.Something late
          ? late
          : content;
    } catch (PostgresException e) {
      throw OnDatabase.failed(e);
    }
  }

  /** What the marks of both moments tell; in doubt it is something. */
  static Answer byCounters(Path backup, String database, Act act)
      throws StepFailed, InterruptedException {
    var then = Manifests.read(Manifests.beside(backup), new Problems()).flatMap(Mark::of);
    return since(then, database, act);
  }

  private static Answer since(Optional<Mark> then, String database, Act act)
      throws StepFailed, InterruptedException {
    var now = mark(database, act);
    return then.isPresent() && now.isPresent()
        ? between(then.get(), now.get())
        : new Answer.Something("nobody has noted the moment of the backup");
  }

  private static Optional<Mark> mark(String database, Act act)
      throws StepFailed, InterruptedException {
    return OnDatabase.read(
        act.cluster(), Private.MAINTENANCE, connection -> mark(connection, database));
  }

  /** Compares the database with what it held when a backup of it was made, row by row. */
  static Answer sinceBackup(Path backup, String database, Act act)
      throws StepFailed, InterruptedException {
    var then =
        Manifests.read(Manifests.beside(backup), new Problems())
            .flatMap(manifest -> manifest.fingerprint());
    if (then.isEmpty()) {
      return new Answer.Something("the backup has no fingerprint to compare with");
    }
    var now = Contents.fingerprint(database, then.get().schemaHash().isPresent(), act);
    return switch (Verdict.of(then.get(), now)) {
      case Verdict.Same(var _, var _, var schema, var honest) when schema && honest.isEmpty() ->
          new Answer.Nothing("its content is that of the backup");
      case Verdict.Same _ -> new Answer.Something("its schema could not be compared");
      case Verdict.Differs(var differences, var _) ->
          new Answer.Something("its content has changed: " + differences.getFirst());
    };
  }
}
