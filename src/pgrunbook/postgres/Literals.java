package pgrunbook.postgres;

/** Texts in SQL. */
public final class Literals {
  private Literals() {}

  /** In single quotes; means the same whatever standard_conforming_strings is. */
  public static String quote(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a text in SQL may not hold a NUL");
    }
    var quoted = "'" + text.replace("'", "''").replace("\\", "\\\\") + "'";
    return text.indexOf('\\') >= 0 ? "E" + quoted : quoted;
  }

  /** In single quotes as libpq's connection strings want it, which is not as in SQL. */
  static String connectionValue(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
