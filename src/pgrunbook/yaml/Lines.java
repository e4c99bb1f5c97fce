package pgrunbook.yaml;

import java.util.List;
import pgrunbook.text.Place;

/** The lines of a file, to find places that the parser does not tell. */
final class Lines {
  private final List<String> lines;
  private final String text;

  Lines(String text) {
    this.text = text;
    this.lines = text.lines().toList();
  }

  /** A line's text, counted from 1; empty behind the last. */
  String line(int number) {
    return number >= 1 && number <= lines.size() ? lines.get(number - 1) : "";
  }

  /** Where the content of a block begins whose <code>|</code> or <code>&gt;</code> is there. */
  Place blockAfter(Place indicator) {
    for (var number = indicator.line() + 1; number <= lines.size(); number++) {
      var line = line(number);
      if (!line.isBlank()) {
        var indent = line.length() - line.stripLeading().length();
        return new Place(indicator.file(), indicator.line() + 1, indent + 1);
      }
    }
    return indicator;
  }

  /** The place of a code point. */
  Place place(String file, int codePoint) {
    var before = text.substring(0, text.offsetByCodePoints(0, codePoint));
    var line = (int) before.chars().filter(c -> c == '\n').count() + 1;
    var lineStart = before.lastIndexOf('\n') + 1;
    return new Place(file, line, before.codePointCount(lineStart, before.length()) + 1);
  }
}
