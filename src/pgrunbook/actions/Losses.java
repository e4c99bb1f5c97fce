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

/**
 * What U files would lose, counted where it can be.
 *
 * @param own the transactions of the migrations that are taken back: what they wrote into tables
 *     that they made is no loss
 */
record Losses(String database, Look look, boolean whether, List<String> own) {
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
    for (var count : new Losses(database, look, false, List.of()).counts(undo)) {
      switch (count) {
        case Count.Known(var what, var _) -> preview.warning(what);
        case Count.Unknown(var what) -> preview.unknown(what);
      }
    }
  }

  /**
   * What a U file would lose that is not known to be nothing. The first row tells, for a large
   * table is not counted in time.
   */
  static List<String> real(String database, Undo undo, List<String> own, Look look) {
    return new Losses(database, look, true, own)
        .counts(undo).stream()
            .filter(it -> !(it instanceof Count.Known(var _, var number) && number == 0))
            .map(it ->
                switch (it) {
                  case Count.Known(var what, var _) -> what;
                  case Count.Unknown(var what) -> what;
                })
            .toList();
  }

  /** Rows of others: the hidden columns of a table are as old as the table itself. */
  private String ofOthers() {
    return own.isEmpty()
        ? ""
        : """
         AS t WHERE NOT (xmin::text = ANY ('{%1$s}') AND EXISTS (
         SELECT FROM pg_attribute a WHERE a.attrelid = t.tableoid AND a.attname = 'ctid'
                                      AND a.xmin::text = ANY ('{%1$s}')))
        """
            .formatted(String.join(",", own));
  }

  private List<Count> counts(Undo undo) {
    return undo.sql().facts().losses().stream()
        .map(loss -> {
          var where = undo.script() + ":" + loss.line() + " " + loss.shown();
          return switch (loss) {
            case Loss.Table(var _, var table, var _) ->
                counted(where, "rows lost", table, ofOthers());
            case Loss.Column(var _, var table, var column, var dropped) -> {
              var what = dropped ? "values lost" : "values at stake";
              var values = " WHERE " + Identifiers.quote(column) + " IS NOT NULL";
              yield counted(where, what, table, values);
            }
            case Loss.Rows _ -> new Count.Unknown("how many rows: " + where);
            case Loss.Other _ -> new Count.Unknown("what that loses: " + where);
            case Loss.Untold _ -> new Count.Unknown(where);
          };
        })
        .toList();
  }

  /** Unknown where the table is not there, is locked or large, or the role may not count. */
  private Count counted(String where, String what, SqlName table, String condition) {
    var some = "SELECT FROM " + table.quoted() + condition + (whether ? " LIMIT 1" : "");
    var sql = "SELECT count(*) FROM (" + some + ") AS lost";
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
                    var amount = whether ? "" : number + " ";
                    return new Count.Known(where + ": " + amount + what, number);
                  }
                }
              });
    } catch (PostgresException _) {
      return new Count.Unknown("how many " + what.substring(0, what.indexOf(' ')) + ": " + where);
    }
  }
}
