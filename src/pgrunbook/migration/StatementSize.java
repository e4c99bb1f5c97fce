package pgrunbook.migration;

/**
 * What one statement takes in the memory of somebody who reads it whole.
 *
 * @param line where it begins, from 1
 * @param bytes as Java holds its text
 */
record StatementSize(int line, long bytes) {
  static final StatementSize NONE = new StatementSize(1, 0);

  static StatementSize larger(StatementSize one, StatementSize other) {
    return other.bytes() > one.bytes() ? other : one;
  }

  /** Measures the statement that is being read, in UTF-8. */
  static final class Meter {
    /** The first byte of characters that make Java take two bytes for each of a text: U+0100. */
    private static final byte WIDE = (byte) 0xc4;

    private long bytes;
    private boolean wide;

    void count(byte[] some, int from, int to) {
      bytes += to - from;
      for (var at = from; at < to && !wide; at++) {
        wide = some[at] < 0 && some[at] >= WIDE;
      }
    }

    StatementSize ended(int line) {
      var size = new StatementSize(line, wide ? 2 * bytes : bytes);
      bytes = 0;
      wide = false;
      return size;
    }
  }
}
