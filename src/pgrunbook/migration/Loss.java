package pgrunbook.migration;

/** Something that a statement takes away for good, as far as its words tell. */
public sealed interface Loss {
  /** Line of the statement in its file, from 1; for what a DO does, the DO's. */
  int line();

  /** A whole table, or all its rows. */
  record Table(int line, SqlName table, boolean dropped) implements Loss {}

  /** A column, or what its values lose on their way to another type. */
  record Column(int line, SqlName table, String column, boolean dropped) implements Loss {}

  /** Some rows, or values in them. */
  record Rows(int line, SqlName table, String how) implements Loss {}

  /** Something else that may hold data. */
  record Other(int line, String what) implements Loss {}

  /** What only the server will know. */
  record Untold(int line, String what) implements Loss {}

  /** In a few words. */
  default String shown() {
    return switch (this) {
      case Table(var _, var table, var dropped) ->
          (dropped ? "drops" : "empties") + " table " + table.shown();
      case Column(var _, var table, var column, var dropped) ->
          (dropped ? "drops column " : "changes the type of ") + table.shown() + "." + column;
      case Rows(var _, var table, var how) -> how + " rows of " + table.shown();
      case Other(var _, var what) -> what;
      case Untold(var _, var what) -> "can't be told: " + what;
    };
  }

  /** Whether it is known to take something away. */
  default boolean isCertain() {
    return !(this instanceof Untold);
  }
}
