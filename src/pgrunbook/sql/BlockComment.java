package pgrunbook.sql;

/** Finds the end of a comment in which others may stand. */
final class BlockComment {
  private int depth;
  private byte previous;

  void begin() {
    depth = 1;
    previous = 0;
  }

  /** Whether this byte is its last one. */
  boolean closes(byte b) {
    if (previous == '/' && b == '*') {
      depth++;
      previous = 0;
    } else if (previous == '*' && b == '/') {
      depth--;
      previous = 0;
    } else {
      previous = b;
    }
    return depth == 0;
  }
}
