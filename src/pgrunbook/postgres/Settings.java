package pgrunbook.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes a stored setting, <code>name=value</code>, as SQL, as pg_dump does: a few settings are
 * lists that were stored with their own double quotes, all others are one text.
 */
final class Settings {
  /** variable_is_guc_list_quote in src/bin/pg_dump/dumputils.c. */
  private static final Set<String> QUOTED_LISTS =
      Set.of(
          "local_preload_libraries",
          "search_path",
          "session_preload_libraries",
          "shared_preload_libraries",
          "temp_tablespaces",
          "unix_socket_directories");

  private Settings() {}

  /** Such as <code>SET "search_path" TO 'app', 'public'</code>. */
  static String assignment(String stored) {
    var equals = stored.indexOf('=');
    var name = stored.substring(0, equals);
    var value = stored.substring(equals + 1);
    return "SET " + Identifiers.quote(name) + " TO " + sql(name, value);
  }

  /** Such as <code>RESET "search_path"</code>. */
  static String reset(String stored) {
    return "RESET " + Identifiers.quote(stored.substring(0, stored.indexOf('=')));
  }

  private static String sql(String name, String value) {
    if (!QUOTED_LISTS.contains(name.toLowerCase(Locale.ROOT)) || value.isBlank()) {
      return Literals.quote(value);
    }
    return split(value).stream().map(Literals::quote).collect(Collectors.joining(", "));
  }

  /** The elements of a list such as <code>"$user", public, "a, ""b"""</code>. */
  static List<String> split(String list) {
    var elements = new ArrayList<String>();
    var element = new StringBuilder();
    var quoted = false;
    for (var i = 0; i < list.length(); i++) {
      var c = list.charAt(i);
      if (c == '"' && quoted && i + 1 < list.length() && list.charAt(i + 1) == '"') {
        element.append('"');
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        elements.add(element.toString());
        element.setLength(0);
      } else if (quoted || !Character.isWhitespace(c)) {
        element.append(c);
      }
    }
    elements.add(element.toString());
    return elements;
  }
}
