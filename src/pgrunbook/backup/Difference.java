package pgrunbook.backup;

/**
 * One thing that two databases, or a backup and a database, don't have in common.
 *
 * @param name of the table, sequence, extension; empty where there is only one such thing
 */
public record Difference(Kind kind, String name, String expected, String actual) {
  /** What differs. */
  public enum Kind {
    SCHEMA("schema"),
    TABLE_MISSING("missing table"),
    TABLE_UNEXPECTED("unexpected table"),
    ROWS("rows of"),
    CONTENT("content of"),
    SEQUENCE("sequence"),
    EXTENSION("extension"),
    LARGE_OBJECTS("large objects"),
    MATERIALISED_VIEW("materialised view");

    private final String shown;

    Kind(String shown) {
      this.shown = shown;
    }
  }

  /**
   * Whether a correct restore may show it: a materialised view is refreshed by the restore, so one
   * that was stale in the source differs honestly.
   */
  public boolean isHonest() {
    return kind == Kind.MATERIALISED_VIEW;
  }

  @Override
  public String toString() {
    var what = name.isEmpty() ? kind.shown : kind.shown + " " + name;
    return what + ": expected " + expected + ", found " + actual;
  }
}
