package pgrunbook.difference;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Finds what looks like a rename. Databases don't remember one: it shows as something that is gone
 * and something of the same kind and shape that is new.
 */
final class Renames {
  private final Map<String, List<Column>> before;
  private final Map<String, List<Column>> after;

  Renames(List<Column> before, List<Column> after) {
    this.before = byTable(before);
    this.after = byTable(after);
  }

  private static Map<String, List<Column>> byTable(List<Column> columns) {
    return columns.stream().collect(Collectors.groupingBy(Column::table));
  }

  /** The same changes; what may be one half of a rename says what to write instead. */
  List<Change> marked(List<Change> changes) {
    return changes.stream().map(this::marked).toList();
  }

  private Change marked(Change change) {
    var notes = new ArrayList<>(change.notes());
    var column = Forms.DROP_COLUMN.matcher(change.sql());
    if (column.matches()) {
      notes.addAll(columns(column.group(1), column.group(2)));
    }
    var table = Forms.DROP_TABLE.matcher(change.sql());
    if (table.matches()) {
      notes.addAll(tables(table.group(1)));
    }
    return new Change(change.sql(), notes, change.danger());
  }

  private List<String> columns(String table, String dropped) {
    var was = before.getOrDefault(table, List.of());
    var is = after.getOrDefault(table, List.of());
    var type = was.stream().filter(it -> it.name().equals(dropped)).map(Column::type).findFirst();
    return is.stream()
        .filter(it -> was.stream().noneMatch(old -> old.name().equals(it.name())))
        .filter(it -> type.isPresent() && type.get().equals(it.type()))
        .map(it ->
            instead("ALTER TABLE " + table + " RENAME COLUMN " + dropped + " TO " + it.name()))
        .toList();
  }

  private List<String> tables(String dropped) {
    var shape = shape(before.getOrDefault(dropped, List.of()));
    return after.entrySet().stream()
        .filter(it -> !before.containsKey(it.getKey()) && shape(it.getValue()).equals(shape))
        .map(it -> instead("ALTER TABLE " + dropped + " RENAME TO " + last(it.getKey())))
        .sorted()
        .toList();
  }

  private static List<String> shape(List<Column> columns) {
    return columns.stream().map(it -> it.name() + " " + it.type()).sorted().toList();
  }

  private static String last(String path) {
    return path.endsWith("\"")
        ? path.substring(path.lastIndexOf('"', path.length() - 2))
        : path.substring(path.lastIndexOf('.') + 1);
  }

  static String instead(String sql) {
    return "a rename? then write instead: " + sql;
  }
}
