package pgrunbook.actions;

/** Counts the statements in a text, as psql would cut it at its semicolons. */
final class SqlCount {
  private final String sql;
  private int position;

  private SqlCount(String sql) {
    this.sql = sql;
  }

  /** How many there are; nothing but blanks and comments is none. */
  static int of(String sql) {
    return new SqlCount(sql).count();
  }

  private int count() {
    var statements = 0;
    var inStatement = false;
    while (position < sql.length()) {
      var c = sql.charAt(position);
      if (c == ';') {
        inStatement = false;
        position++;
      } else if (Character.isWhitespace(c)) {
        position++;
      } else if (!skipComment()) {
        statements += inStatement ? 0 : 1;
        inStatement = true;
        skipToken(c);
      }
    }
    return statements;
  }

  private boolean skipComment() {
    if (sql.startsWith("--", position)) {
      position = after("\n");
      return true;
    }
    if (!sql.startsWith("/*", position)) {
      return false;
    }
    var depth = 0;
    do {
      if (sql.startsWith("/*", position)) {
        depth++;
        position += 2;
      } else if (sql.startsWith("*/", position)) {
        depth--;
        position += 2;
      } else {
        position++;
      }
    } while (depth > 0 && position < sql.length());
    return true;
  }

  private void skipToken(char first) {
    if (first == '\'' || first == '"') {
      skipQuoted(first, false);
    } else if (isWord(first)) {
      skipWord();
    } else if (first == '$') {
      skipDollarQuoted();
    } else {
      position++;
    }
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }

  /** A word, which a dollar sign may be part of; <code>E'…'</code> knows backslashes. */
  private void skipWord() {
    var start = position;
    while (position < sql.length()
        && (isWord(sql.charAt(position)) || sql.charAt(position) == '$')) {
      position++;
    }
    var isEscape = position - start == 1 && "eE".indexOf(sql.charAt(start)) >= 0;
    if (isEscape && sql.startsWith("'", position)) {
      skipQuoted('\'', true);
    }
  }

  /** A doubled quote ends one and begins another, which comes to the same. */
  private void skipQuoted(char quote, boolean backslashes) {
    position++;
    while (position < sql.length() && sql.charAt(position) != quote) {
      position += backslashes && sql.charAt(position) == '\\' ? 2 : 1;
    }
    position++;
    if (backslashes && sql.startsWith("'", position)) {
      skipQuoted(quote, true);
    }
  }

  private void skipDollarQuoted() {
    var end = position + 1;
    while (end < sql.length() && isWord(sql.charAt(end))) {
      end++;
    }
    var isTag =
        sql.startsWith("$", end)
            && (end == position + 1 || !Character.isDigit(sql.charAt(position + 1)));
    if (!isTag) {
      position++;
      return;
    }
    var tag = sql.substring(position, end + 1);
    position = end + 1;
    position = after(tag);
  }

  /** The position behind the next such text, or the end. */
  private int after(String text) {
    var found = sql.indexOf(text, position);
    return found < 0 ? sql.length() : found + text.length();
  }
}
