package pgrunbook.actions;

import java.util.List;
import java.util.Optional;
import pgrunbook.action.Look;
import pgrunbook.action.Preview;
import pgrunbook.migration.Loss;
import pgrunbook.migration.Migration.Undo;
import pgrunbook.postgres.ClusterView;
import pgrunbook.postgres.Identifiers;
import pgrunbook.postgres.PostgresException;

/** What a U file would lose, counted where it can be. */
final class Losses {
  private Losses() {}

  static void show(String database, Undo undo, Look look, Preview.Builder preview) {
    for (var loss : Loss.of(undo.sql())) {
      var where = undo.script() + ":" + loss.line() + " " + loss.shown();
      switch (loss) {
        case Loss.Table(var _, var table, var _) ->
            counted(where, "rows", count(look.cluster(), database, table, "count(*)"), preview);
        case Loss.Column(var _, var table, var column) ->
            counted(
                where,
                "values",
                count(look.cluster(), database, table, "count(" + Identifiers.quote(column) + ")"),
                preview);
        case Loss.Rows _ -> preview.unknown("how many rows: " + where);
        case Loss.Other _ -> preview.unknown("what that loses: " + where);
        case Loss.Untold _ -> preview.unknown(where);
      }
    }
  }

  private static void counted(
      String where, String what, Optional<String> count, Preview.Builder preview) {
    count.ifPresentOrElse(
        it -> preview.warning(where + ": " + it + " " + what + " lost"),
        () -> preview.unknown("how many " + what + ": " + where));
  }

  /** Empty where the table is not there, or the role may not count. */
  private static Optional<String> count(
      ClusterView cluster, String database, String table, String expression) {
    var name = Identifiers.quote(List.of(table.split("\\.", 2)));
    try {
      return cluster.read(
          database,
          connection -> {
            try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT " + expression + " FROM " + name)) {
              return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
            }
          });
    } catch (PostgresException _) {
      return Optional.empty();
    }
  }
}
