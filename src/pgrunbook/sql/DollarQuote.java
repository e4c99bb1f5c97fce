package pgrunbook.sql;

/** Finds the end of a dollar-quoted text, and tells what stands in it. */
final class DollarQuote {
  /** Hears the bytes of the text. */
  @FunctionalInterface
  interface Inside {
    void accept(byte b);
  }

  private byte[] delimiter = {};
  private int matched;

  void begin(byte[] with) {
    delimiter = with.clone();
    matched = 0;
  }

  /** Whether the bytes so far may be the beginning of the end. */
  boolean isEnding() {
    return matched > 0;
  }

  /** Whether this byte is the last one of the closing delimiter. */
  boolean closes(byte b, Inside inside) {
    if (b == delimiter[matched]) {
      matched++;
    } else {
      for (var i = 0; i < matched; i++) {
        inside.accept(delimiter[i]);
      }
      matched = b == '$' ? 1 : 0;
      if (matched == 0) {
        inside.accept(b);
      }
    }
    return matched == delimiter.length;
  }
}
