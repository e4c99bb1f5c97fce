package pgrunbook.cli;

import java.util.ArrayList;
import java.util.regex.Pattern;

/** A schema dump as a first migration: without what is psql's, and without what is a session's. */
final class Baseline {
  private static final String HEADER =
      """
      -- The schema as it was when migrations began, written by 'migration adopt'.
      -- A database that had it already is stamped with this version; a new one begins with it.

      SET check_function_bodies = false;

      """;

  /**
   * How pg_dump begins what it says about the first object; before it, it speaks of the session.
   */
  private static final String FIRST_OBJECT = "-- Name: ";

  /** Exact lines of pg_dump's own between objects, and what only a superuser may say. */
  private static final Pattern LEFT_OUT =
      Pattern.compile(
          "\\\\unrestrict [A-Za-z0-9]+"
              + "|SET default_tablespace = '';"
              + "|SET default_table_access_method = heap;"
              + "|COMMENT ON EXTENSION .*"
              + "|-- PostgreSQL database dump complete");

  private Baseline() {}

  static String of(String dump) {
    var lines = new ArrayList<String>();
    var begun = false;
    for (var line : dump.lines().toList()) {
      begun = begun || line.startsWith(FIRST_OBJECT);
      if (begun && !LEFT_OUT.matcher(line).matches()) {
        lines.add(line);
      }
    }
    return HEADER + String.join("\n", lines).replaceFirst("(\\s|--)*$", "") + "\n";
  }
}
