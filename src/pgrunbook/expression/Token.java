package pgrunbook.expression;

/**
 * The smallest part of an expression.
 *
 * @param text a name or operator as written; a literal's content
 */
record Token(Kind kind, String text, int start, int end) {
  /** What a token is. */
  enum Kind {
    NAME,
    TEXT,
    NUMBER,
    OPERATOR,
    END
  }

  boolean is(String operator) {
    return kind == Kind.OPERATOR && text.equals(operator);
  }

  String shown() {
    return switch (kind) {
      case NAME, OPERATOR, NUMBER -> "'" + text + "'";
      case TEXT -> "a text in quotes";
      case END -> "the end";
    };
  }
}
