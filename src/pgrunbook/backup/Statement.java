package pgrunbook.backup;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgrunbook.sql.Token;
import pgrunbook.sql.Token.Kind;

/** The tokens of one statement, as far as anybody wants to know them. */
final class Statement {
  /** Enough for COPY with 1,600 columns; what is longer has told what it is long before. */
  private static final int MOST = 8192;

  private final List<Token> tokens = new ArrayList<>();
  private boolean values;
  private int depth;
  private int openings;

  void add(Kind kind, String text) {
    if (kind == Kind.SYMBOL) {
      count(text);
    }
    if (wantsMore()) {
      var token = new Token(kind, text);
      tokens.add(token);
      values = token.is("values") && depth == 0 && first().is("insert");
    }
  }

  /** Whether another token would be kept; the values of an INSERT are not. */
  boolean wantsMore() {
    return !values && tokens.size() < MOST;
  }

  private void count(String symbol) {
    if (symbol.equals("(")) {
      openings += depth == 0 && values ? 1 : 0;
      depth++;
    } else if (symbol.equals(")")) {
      depth--;
    }
  }

  void clear() {
    tokens.clear();
    values = false;
    depth = 0;
    openings = 0;
  }

  boolean isEmpty() {
    return tokens.isEmpty();
  }

  /** Rows of an INSERT: the parentheses behind VALUES, or one for DEFAULT VALUES. */
  int insertedRows() {
    return Math.max(1, openings);
  }

  Token first() {
    return at(0);
  }

  Token at(int index) {
    return index >= 0 && index < tokens.size() ? tokens.get(index) : new Token(Kind.SYMBOL, "");
  }

  int size() {
    return tokens.size();
  }

  /** Whether it begins with these words. */
  boolean begins(String... words) {
    return follows(0, words);
  }

  boolean follows(int index, String... words) {
    for (var i = 0; i < words.length; i++) {
      if (!at(index + i).is(words[i])) {
        return false;
      }
    }
    return true;
  }

  /** Where a word stands outside of parentheses, from an index on; -1 where it does not. */
  int find(int from, String... words) {
    var open = 0;
    for (var i = from; i < size(); i++) {
      if (at(i).is("(")) {
        open++;
      } else if (at(i).is(")")) {
        open--;
      } else if (open == 0 && follows(i, words)) {
        return i;
      }
    }
    return -1;
  }

  /** Whether it is a COPY whose data follows it. */
  boolean copiesIn() {
    var from = begins("copy") ? find(1, "from") : -1;
    return from > 0 && at(from + 1).is("stdin") && tableAt(1).isPresent();
  }

  /** The name at an index, <code>schema.name</code> or <code>name</code>. */
  Optional<TableName> tableAt(int index) {
    if (!at(index).isName()) {
      return Optional.empty();
    }
    if (at(index + 1).is(".") && at(index + 2).isName()) {
      return Optional.of(new TableName(at(index).text(), at(index + 2).text()));
    }
    return Optional.of(new TableName("public", at(index).text()));
  }

  /** The names from an index on, with commas between them. */
  List<String> namesAt(int index) {
    var names = new ArrayList<String>();
    for (var i = index; at(i).isName(); i += 2) {
      names.add(at(i).text());
      if (!at(i + 1).is(",")) {
        break;
      }
    }
    return names;
  }
}
