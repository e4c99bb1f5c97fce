package pgrunbook.actions;

import java.util.List;
import pgrunbook.action.Look;
import pgrunbook.action.Preview;
import pgrunbook.migration.Loss;
import pgrunbook.migration.Migration.Undo;
import pgrunbook.migration.SearchPath;
import pgrunbook.migration.SqlName;
import pgrunbook.postgres.Identifiers;
import pgrunbook.postgres.PostgresException;

/** What a U file would lose, counted where it can be. */
final class Losses {
  private Losses() {}

  private static final String LIMITS =
      "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '20s'";

  /** What one statement would lose. */
  private sealed interface Count {
    /** The plan's line, where so much would be. */
    record Known(String what, long number) implements Count {}

    /** Why nobody can say how much. */
    record Unknown(String what) implements Count {}
  }

  static void show(String database, Undo undo, Look look, Preview.Builder preview) {
    for (var count : counts(database, undo, look)) {
      switch (count) {
        case Count.Known(var what, var _) -> preview.warning(what);
        case Count.Unknown(var what) -> preview.unknown(what);
      }
    }
  }

  /** What a U file would lose that is not known to be nothing. */
  static List<String> real(String database, Undo undo, Look look) {
    return counts(database, undo, look).stream()
        .filter(it -> !(it instanceof Count.Known(var _, var number) && number == 0))
        .map(it ->
            switch (it) {
              case Count.Known(var what, var _) -> what;
              case Count.Unknown(var what) -> what;
            })
        .toList();
  }

  private static List<Count> counts(String database, Undo undo, Look look) {
    return Loss.of(undo.sql()).stream()
        .map(loss -> {
          var where = undo.script() + ":" + loss.line() + " " + loss.shown();
          return switch (loss) {
            case Loss.Table(var _, var table, var _) ->
                counted(where, "rows lost", table, "*", database, look);
            case Loss.Column(var _, var table, var column, var dropped) -> {
              var what = dropped ? "values lost" : "values at stake";
              yield counted(where, what, table, Identifiers.quote(column), database, look);
            }
            case Loss.Rows _ -> new Count.Unknown("how many rows: " + where);
            case Loss.Other _ -> new Count.Unknown("what that loses: " + where);
            case Loss.Untold _ -> new Count.Unknown(where);
          };
        })
        .toList();
  }

  /** Unknown where the table is not there, is locked or large, or the role may not count. */
  private static Count counted(
      String where, String what, SqlName table, String of, String database, Look look) {
    var sql = "SELECT count(" + of + ") FROM " + table.quoted();
    try {
      return look.cluster()
          .read(
              database,
              connection -> {
                connection.setAutoCommit(false);
                try (var statement = connection.createStatement()) {
                  statement.execute(LIMITS);
                  SearchPath.begin(connection, look.target().migrations());
                  try (var rows = statement.executeQuery(sql)) {
                    rows.next();
                    var number = rows.getLong(1);
                    return new Count.Known(where + ": " + number + " " + what, number);
                  }
                }
              });
    } catch (PostgresException _) {
      return new Count.Unknown("how many " + what.substring(0, what.indexOf(' ')) + ": " + where);
    }
  }
}
