package pgrunbook.actions;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import pgrunbook.action.Act;
import pgrunbook.action.StepFailed;
import pgrunbook.migration.HistoryRow;
import pgrunbook.migration.HistoryTable;
import pgrunbook.migration.Migration;
import pgrunbook.migration.MigrationFailed;
import pgrunbook.migration.Migrations;
import pgrunbook.migration.Migrator;
import pgrunbook.migration.Version;
import pgrunbook.postgres.PostgresException;
import pgrunbook.postgres.Session;

/** Carries migrations out for a step, and says what stopped them. */
final class Migrating {
  private Migrating() {}

  static void apply(String database, Migrations files, String target, Duration lockTimeout, Act act)
      throws StepFailed, InterruptedException {
    var migrator = new Migrator(act.cluster(), act.target().migrations(), lockTimeout, List.of());
    try {
      migrator.apply(database, files, Version.parse(target), line -> said(line, act));
    } catch (MigrationFailed e) {
      throw failed(e, database, lockTimeout, act);
    }
  }

  /** Runs a U file and forgets its migration, in one transaction. */
  static void takeBack(
      String database, Migration migration, HistoryRow row, Duration lockTimeout, Act act)
      throws StepFailed, InterruptedException {
    var table = new HistoryTable(act.target().migrations());
    var undo = migration.undo().orElseThrow();
    said("undo " + migration.shown(), act);
    try {
      act.cluster()
          .write(
              database,
              connection -> {
                try (var statement = connection.createStatement()) {
                  statement.execute("SET lock_timeout = " + lockTimeout.toMillis());
                }
                table.takeBack(connection, migration, row);
                return true;
              });
    } catch (PostgresException e) {
      if (e.cancelled() && Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (!OneStatement.isRolledBack(e)) {
        throw e;
      }
      var what = undo.script() + " failed " + e.problem().what() + "; nothing of it remains";
      var hint =
          e.sqlState().equals("55P03")
              ? Optional.of(waited(database, lockTimeout, act))
              : e.problem().hint();
      throw new StepFailed(act.masking().mask(what), hint, e);
    }
  }

  private static String waited(String database, Duration lockTimeout, Act act) {
    return "it waited %d s; who else is in the database: %s; end what holds the lock, or raise lock_timeout"
        .formatted(lockTimeout.toSeconds(), others(database, act));
  }

  private static void said(String line, Act act) {
    act.log().line(act.masking().mask(line));
    act.progress().doing(line);
  }

  private static StepFailed failed(
      MigrationFailed e, String database, Duration lockTimeout, Act act) {
    var problem = e.problem();
    var where = problem.at().isKnown() ? problem.at() + ": " : "";
    e.statement().ifPresent(it -> act.log().line(act.masking().mask(it)));
    var statement = e.statement().map(it -> "\n  " + it.replace("\n", "\n  ")).orElse("");
    var what = act.masking().mask(where + problem.what() + statement);
    if (e.lost()) {
      return StepFailed.uncertain(what, "'resume' looks how far it came");
    }
    if (e.waitedForLock()) {
      return new StepFailed(what, waited(database, lockTimeout, act));
    }
    return new StepFailed(what, problem.hint(), null);
  }

  /** Those in a transaction first: only they hold locks for long. */
  static String others(String database, Act act) {
    var sessions = act.cluster().sessions(database);
    var holding = sessions.stream().filter(it -> !it.state().equals("idle")).toList();
    var shown = holding.isEmpty() ? sessions : holding;
    var who =
        Stream.concat(
                LockHolders.prepared(database, act), shown.stream().limit(3).map(Session::shown))
            .toList();
    return who.isEmpty() ? "nobody any more" : String.join("; ", who);
  }

  /**
   * What a migration that is not carried out in a transaction has left, where it was cut short.
   * Only such a one leaves a failed row or an invalid index.
   */
  static Optional<String> leftHalfDone(MigrationLook seen, Version next) {
    var failed =
        seen.state().applied().stream()
            .filter(it -> !it.success())
            .map(HistoryRow::shown)
            .findFirst();
    if (failed.isPresent()) {
      return Optional.of(
          failed.get()
              + " of the history failed half-way: mend by hand what it has left, then"
              + " 'abandon' this run and 'stamp' the version that holds");
    }
    var file = seen.files().find(next);
    if (file.filter(it -> !it.isRepeatable()).isPresent()) {
      return Optional.of(
          "%s runs outside a transaction and may have begun: look what it has done, and take that back before 'resume --redo'; where all of it is done, 'abandon' this run and 'stamp' %s"
              .formatted(file.get().script(), next));
    }
    var indexes = seen.history().invalidIndexes();
    var concurrent = file.filter(it -> it.sql().facts().hasConcurrently());
    if (indexes.isEmpty() || concurrent.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        "%s makes an index concurrently, and the index %s is there, unfinished: drop it (DROP INDEX CONCURRENTLY %2$s) where that migration left it, then 'resume --redo'"
            .formatted(concurrent.get().script(), indexes.getFirst()));
  }
}
