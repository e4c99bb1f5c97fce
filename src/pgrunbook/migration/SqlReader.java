package pgrunbook.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import pgrunbook.migration.SqlStatement.Kind;
import pgrunbook.migration.SqlStatement.Word;

/** Cuts SQL into statements and words, as far as it takes to see what a migration destroys. */
final class SqlReader {
  private final String sql;
  private final List<SqlStatement> statements = new ArrayList<>();
  private final List<Word> words = new ArrayList<>();
  private int position;
  private int line = 1;
  private int start = 1;

  private SqlReader(String sql) {
    this.sql = sql;
  }

  static List<SqlStatement> read(String sql) {
    return new SqlReader(sql).read();
  }

  private List<SqlStatement> read() {
    while (position < sql.length()) {
      var c = sql.charAt(position);
      if (c == ';') {
        position++;
        end();
      } else if (Character.isWhitespace(c)) {
        goTo(position + 1);
      } else if (!comment()) {
        start = words.isEmpty() ? line : start;
        word(c);
      }
    }
    end();
    return statements;
  }

  private void end() {
    if (!words.isEmpty()) {
      statements.add(new SqlStatement(start, words));
      words.clear();
    }
  }

  private void goTo(int next) {
    var end = Math.min(next, sql.length());
    for (; position < end; position++) {
      line += sql.charAt(position) == '\n' ? 1 : 0;
    }
  }

  private boolean comment() {
    if (sql.startsWith("--", position)) {
      goTo(behind("\n", position));
      return true;
    }
    if (!sql.startsWith("/*", position)) {
      return false;
    }
    var depth = 0;
    var at = position;
    do {
      depth += sql.startsWith("/*", at) ? 1 : sql.startsWith("*/", at) ? -1 : 0;
      at += sql.startsWith("/*", at) || sql.startsWith("*/", at) ? 2 : 1;
    } while (depth > 0 && at < sql.length());
    goTo(at);
    return true;
  }

  private void word(char first) {
    if (first == '\'') {
      quoted('\'', Kind.STRING, false);
    } else if (first == '"') {
      quoted('"', Kind.QUOTED, false);
    } else if (first == '$' && dollar()) {
      return;
    } else if (Character.isLetter(first) || first == '_') {
      plain();
    } else {
      words.add(new Word(String.valueOf(first), Kind.SYMBOL));
      position++;
    }
  }

  private void plain() {
    var end = position;
    while (end < sql.length() && isPart(sql.charAt(end))) {
      end++;
    }
    var text = sql.substring(position, end).toLowerCase(Locale.ROOT);
    position = end;
    if (text.equals("e") && sql.startsWith("'", end)) {
      quoted('\'', Kind.STRING, true);
    } else {
      words.add(new Word(text, Kind.WORD));
    }
  }

  private static boolean isPart(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$';
  }

  private void quoted(char quote, Kind kind, boolean backslashes) {
    var text = new StringBuilder();
    var at = position + 1;
    while (at < sql.length()) {
      var c = sql.charAt(at);
      if (c == quote && !sql.startsWith("" + quote + quote, at)) {
        break;
      }
      at += c == quote || (backslashes && c == '\\') ? 2 : 1;
      text.append(c);
    }
    words.add(new Word(text.toString(), kind));
    goTo(at + 1);
  }

  private boolean dollar() {
    var end = position + 1;
    while (end < sql.length() && isPart(sql.charAt(end)) && sql.charAt(end) != '$') {
      end++;
    }
    if (!sql.startsWith("$", end)) {
      return false;
    }
    var tag = sql.substring(position, end + 1);
    var close = sql.indexOf(tag, end + 1);
    var body = sql.substring(end + 1, close < 0 ? sql.length() : close);
    words.add(new Word(body, Kind.STRING));
    goTo(close < 0 ? sql.length() : close + tag.length());
    return true;
  }

  private int behind(String text, int from) {
    var found = sql.indexOf(text, from);
    return found < 0 ? sql.length() : found + text.length();
  }
}
