package pgrunbook.difference;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says what a statement may cost. */
final class Dangers {
  private Dangers() {}

  static Change judged(String sql) throws InterruptedException {
    return new Change(sql, notes(sql), danger(sql));
  }

  private static Optional<String> danger(String sql) throws InterruptedException {
    var table = Forms.DROP_TABLE.matcher(sql);
    if (table.matches()) {
      return Optional.of("table " + table.group(1) + " is dropped, with its rows");
    }
    var column = Forms.DROP_COLUMN.matcher(sql);
    if (column.matches()) {
      return Optional.of(
          "column " + column.group(1) + "." + column.group(2) + " is dropped, with its values");
    }
    var type = Forms.ALTER_TYPE.matcher(sql);
    if (type.matches()) {
      return Optional.of(
          "the type of "
              + type.group(1)
              + "."
              + type.group(2)
              + " changes: the table may be rewritten under a lock, and a value may not fit");
    }
    return container(sql).or(() -> restart(sql)).or(() -> listed(sql));
  }

  private static Optional<String> container(String sql) {
    var dropped = Forms.DROP_CONTAINER.matcher(sql);
    return dropped.matches()
        ? Optional.of(
            dropped.group(1).toLowerCase(java.util.Locale.ROOT)
                + " "
                + dropped.group(2)
                + " is dropped")
        : Optional.empty();
  }

  private static Optional<String> restart(String sql) {
    var sequence = Forms.RESTART.matcher(sql);
    return sequence.matches()
        ? Optional.of("sequence " + sequence.group(1) + " begins anew: its numbers may be in use")
        : Optional.empty();
  }

  /** What pgCodeKeeper itself finds dangerous. */
  private static Optional<String> listed(String sql) {
    try {
      return Keeper.dangers(sql).stream().findFirst().map(it -> "pgCodeKeeper warns: " + it);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("not judged: interrupted");
    }
  }

  private static List<String> notes(String sql) {
    var notes = new ArrayList<String>();
    var added = Forms.ADD_COLUMN.matcher(sql);
    if (added.matches()
        && added.group(3).contains("NOT NULL")
        && !added.group(3).matches("(?s).*\\b(DEFAULT|GENERATED)\\b.*")) {
      notes.add("fails where the table has rows: give a DEFAULT, or fill the column first");
    }
    if (Forms.SET_NOT_NULL.matcher(sql).matches()) {
      notes.add("fails where a row has no value: fill the column first");
    }
    return notes;
  }
}
