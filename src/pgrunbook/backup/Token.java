package pgrunbook.backup;

/**
 * One piece of a statement.
 *
 * @param text a word in lower case, a quoted name or a string without its quotes, a number as it is
 *     written
 */
record Token(Kind kind, String text) {
  enum Kind {
    WORD,
    NAME,
    STRING,
    SYMBOL
  }

  boolean is(String word) {
    return kind != Kind.NAME && kind != Kind.STRING && text.equals(word);
  }

  /** Whether it can name something: a word or a quoted name. */
  boolean isName() {
    return kind == Kind.WORD || kind == Kind.NAME;
  }
}
