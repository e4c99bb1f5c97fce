package pgrunbook.sql;

/**
 * One piece of a statement.
 *
 * @param text a word in lower case, a quoted name or a string without its quotes, a number as it is
 *     written
 */
public record Token(Kind kind, String text) {
  /** What a piece is. */
  public enum Kind {
    WORD,
    NAME,
    STRING,
    SYMBOL
  }

  /** Whether it is this word or symbol, outside of quotes. */
  public boolean is(String word) {
    return kind != Kind.NAME && kind != Kind.STRING && text.equals(word);
  }

  /** Whether it can name something: a word or a quoted name. */
  public boolean isName() {
    return kind == Kind.WORD || kind == Kind.NAME;
  }
}
