package pgrunbook.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import pgrunbook.migration.SqlStatement.Kind;
import pgrunbook.migration.SqlStatement.Word;
import pgrunbook.sql.Token;

/**
 * The words of one statement while it is read. Of one with many rows those are kept that can tell
 * what it takes away; of another one the beginning.
 */
final class StatementWords {
  /** More than anybody writes by hand. */
  private static final int MANY = 8192;

  private static final int MOST = 2 * MANY;
  private static final int LONGEST_STRING = 100;

  /** Statements with rows, in which the rules look for words, and never for a list of names. */
  private static final Set<String> WITH_ROWS =
      Set.of("insert", "with", "select", "update", "delete", "merge", "values");

  /** Behind these stands what they act on: a name, with IF EXISTS, ONLY and its schema. */
  private static final int BEHIND = 8;

  private final List<Word> words = new ArrayList<>();
  private int depth;
  private int telling;
  private boolean whole = true;

  void add(Token.Kind kind, String text) {
    var word = word(kind, text);
    if (kind == Token.Kind.SYMBOL) {
      depth += text.equals("(") ? 1 : text.equals(")") ? -1 : 0;
    }
    if (words.size() < MANY || isKept(word)) {
      if (words.size() < MOST) {
        words.add(word);
      } else {
        whole = false;
      }
    }
  }

  private static Word word(Token.Kind kind, String text) {
    return switch (kind) {
      case WORD -> new Word(text, Kind.WORD);
      case NAME -> new Word(text, Kind.QUOTED);
      case SYMBOL -> new Word(text, Kind.SYMBOL);
      case STRING ->
          new Word(
              text.length() > LONGEST_STRING ? text.substring(0, LONGEST_STRING) : text,
              Kind.STRING);
    };
  }

  /** Of the words behind so many. */
  private boolean isKept(Word word) {
    if (!WITH_ROWS.contains(words.getFirst().text())) {
      return true;
    }
    var isWord = word.kind() == Kind.WORD;
    telling = isWord && LossRules.isTelling(word.text()) ? BEHIND : telling - 1;
    return telling > 0 || (isWord && depth <= 0);
  }

  boolean isEmpty() {
    return words.isEmpty();
  }

  boolean begins(String word) {
    return !words.isEmpty()
        && words.getFirst().kind() == Kind.WORD
        && words.getFirst().text().equals(word);
  }

  /** The statement that they are; the next one begins. */
  SqlStatement take(int line) {
    var statement = new SqlStatement(line, words, whole);
    words.clear();
    depth = 0;
    telling = 0;
    whole = true;
    return statement;
  }
}
