package pgrunbook.sql;

/** Counts the lines that are read. */
final class Lines {
  private long line = 1;
  private boolean hasContent;
  private boolean nul;

  /** The line that is being read, from 1. */
  long line() {
    return line;
  }

  void skip(long lines) {
    line += lines;
  }

  /** Whether anything but white space stands on the line so far. */
  boolean hasContent() {
    return hasContent;
  }

  boolean sawNul() {
    return nul;
  }

  void after(byte b) {
    if (b == '\n') {
      line++;
      hasContent = false;
    } else if (b == 0) {
      nul = true;
    } else if (b != ' ' && b != '\t' && b != '\r') {
      hasContent = true;
    }
  }
}
