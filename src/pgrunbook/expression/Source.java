package pgrunbook.expression;

import pgrunbook.text.Place;

/** The text that holds an expression, and where in a file it begins. */
record Source(String text, Place start) {
  /**
   * The place of a character; exact where the text stands in the file as it is, so without escapes,
   * and in a block where each line is a line of the file.
   */
  Place at(int offset) {
    var end = Math.min(offset, text.length());
    var lineStart = text.lastIndexOf('\n', end - 1) + 1;
    var lines = (int) text.substring(0, end).chars().filter(c -> c == '\n').count();
    var column = text.codePointCount(lineStart, end);
    return new Place(start.file(), start.line() + lines, start.column() + column);
  }
}
