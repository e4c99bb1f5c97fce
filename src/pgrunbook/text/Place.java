package pgrunbook.text;

/**
 * Where something was written: a file and, counted from 1, its line and column.
 *
 * @param line 0 where the place is a whole file or is not known
 */
public record Place(String file, int line, int column) {
  /** Somewhere that nobody can point at; whoever knows better replaces it. */
  public static final Place NONE = new Place("", 0, 0);

  /** A file as a whole. */
  public static Place in(String file) {
    return new Place(file, 0, 0);
  }

  public boolean isKnown() {
    return !file.isEmpty();
  }

  @Override
  public String toString() {
    return line == 0 ? file : file + ":" + line + ":" + column;
  }
}
