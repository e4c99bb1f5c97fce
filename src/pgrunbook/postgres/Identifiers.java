package pgrunbook.postgres;

import java.util.List;
import java.util.stream.Collectors;

/** Names in SQL. */
public final class Identifiers {
  private Identifiers() {}

  /** Always in double quotes, so that no keyword and no capital letter can change its meaning. */
  public static String quote(String name) {
    if (name.isEmpty() || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a name needs a character, and none of them may be NUL");
    }
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  /** A qualified name, such as <code>"public"."users"</code>. */
  public static String quote(List<String> path) {
    return path.stream().map(Identifiers::quote).collect(Collectors.joining("."));
  }
}
