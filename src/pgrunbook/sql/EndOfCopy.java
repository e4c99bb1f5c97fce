package pgrunbook.sql;

/** Finds the line <code>\.</code> that ends COPY data, in pieces of any size. */
public final class EndOfCopy {
  private static final int LONGEST = 2;

  private final byte[] line = new byte[LONGEST];
  private int length;
  private boolean found;

  /** The position behind the end marker's line, or that of the end; {@link #found()} tells. */
  public int find(byte[] bytes, int from, int to) {
    found = false;
    for (var at = from; at < to; at++) {
      var b = bytes[at];
      if (b == '\n') {
        found = length == LONGEST && line[0] == '\\' && line[1] == '.';
        length = 0;
        if (found) {
          return at + 1;
        }
      } else if (b != '\r' || length != LONGEST) {
        if (length < LONGEST) {
          line[length] = b;
        }
        length = Math.min(length + 1, LONGEST + 1);
      }
    }
    return to;
  }

  /** Whether the last look has found it. */
  public boolean found() {
    return found;
  }
}
