package pgrunbook.migration;

import java.util.ArrayList;
import java.util.List;

/**
 * A file's SQL for a plan: a plan is read whole, but nobody reads a thousand lines of one file, or
 * one line of a million characters.
 */
final class ShownLines {
  private static final int MOST = 200;
  private static final int LONGEST = 2000;

  private final String script;
  private final List<String> shown = new ArrayList<>();
  private final StringBuilder line = new StringBuilder();
  private long lines;
  private long blank;
  private long cut;
  private boolean content;
  private boolean afterReturn;

  ShownLines(String script) {
    this.script = script;
  }

  void accept(char[] text, int length) {
    for (var i = 0; i < length; i++) {
      var c = text[i];
      if (c == '\r' || (c == '\n' && !afterReturn)) {
        end();
      } else if (c != '\n') {
        content |= !Character.isWhitespace(c);
        keep(c);
      }
      afterReturn = c == '\r';
    }
  }

  private void keep(char c) {
    if (line.length() < LONGEST) {
      line.append(c);
    } else {
      cut++;
    }
  }

  private void end() {
    if (!content) {
      blank++;
    } else {
      // the file without the blank lines before and behind it
      var first = lines == 0;
      lines += first ? 1 : blank + 1;
      blank = 0;
      if (lines <= MOST) {
        var text = first ? line.toString().stripLeading() : line.toString();
        shown.add(cut == 0 ? text : text + " … and " + cut + " more characters");
      }
    }
    line.setLength(0);
    cut = 0;
    content = false;
  }

  boolean isBlank() {
    return lines == 0 && !content;
  }

  /** Once everything was read. */
  List<String> lines() {
    if (content) {
      end();
    }
    var all = new ArrayList<String>();
    all.add("-- " + script);
    all.addAll(shown);
    if (lines > MOST) {
      all.add("-- … and " + (lines - MOST) + " more lines of " + script);
    } else if (!shown.isEmpty()) {
      all.add(all.removeLast().stripTrailing());
    }
    return all;
  }
}
