package pgrunbook.backup;

import java.util.Comparator;
import java.util.regex.Pattern;

/** A table, view or sequence by schema and name, both as the catalog has them, without quotes. */
public record TableName(String schema, String name) implements Comparable<TableName> {
  private static final Comparator<TableName> ORDER =
      Comparator.comparing(TableName::schema).thenComparing(TableName::name);
  private static final Pattern SIMPLE = Pattern.compile("[a-z_][a-z0-9_]*");

  /** For use in SQL: always quoted. */
  public String sql() {
    return quote(schema) + "." + quote(name);
  }

  static String quote(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  @Override
  public int compareTo(TableName other) {
    return ORDER.compare(this, other);
  }

  /** For people: quoted where a name needs it. */
  @Override
  public String toString() {
    return shown(schema) + "." + shown(name);
  }

  private static String shown(String identifier) {
    return SIMPLE.matcher(identifier).matches() ? identifier : quote(identifier);
  }
}
