package pgrunbook.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Something that a statement takes away for good, as far as its words tell. */
public sealed interface Loss {
  /** Line of the statement in its file, from 1; for what a DO does, the DO's. */
  int line();

  /** A whole table, or all its rows. */
  record Table(int line, String table, boolean dropped) implements Loss {}

  /** A column. */
  record Column(int line, String table, String column) implements Loss {}

  /** Some rows, or values in them. */
  record Rows(int line, String table, String how) implements Loss {}

  /** Something else that may hold data. */
  record Other(int line, String what) implements Loss {}

  /** What only the server will know. */
  record Untold(int line, String what) implements Loss {}

  /** In a few words. */
  default String shown() {
    return switch (this) {
      case Table(var _, var table, var dropped) ->
          (dropped ? "drops" : "empties") + " table " + table;
      case Column(var _, var table, var column) -> "drops column " + table + "." + column;
      case Rows(var _, var table, var how) -> how + " rows of " + table;
      case Other(var _, var what) -> what;
      case Untold(var _, var what) -> "can't be told: " + what;
    };
  }

  /** Whether it is known to take something away. */
  default boolean isCertain() {
    return !(this instanceof Untold);
  }

  /** All that a file takes away. */
  static List<Loss> of(String sql) {
    return in(SqlReader.read(sql), Optional.empty());
  }

  private static List<Loss> in(List<SqlStatement> statements, Optional<Integer> outer) {
    var losses = new ArrayList<Loss>();
    for (var statement : statements) {
      var line = outer.orElse(statement.line());
      losses.addAll(LossRules.of(statement, line));
      if (statement.is(0, "do")) {
        statement
            .bodies()
            .forEach(body ->
                losses.addAll(in(LossRules.blocks(SqlReader.read(body)), Optional.of(line))));
      }
    }
    return losses;
  }
}
