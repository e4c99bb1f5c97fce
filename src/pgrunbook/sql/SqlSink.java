package pgrunbook.sql;

/** Hears what a {@link SqlLexer} finds. */
public interface SqlSink {
  /** A piece of a statement; the text of a long one is cut. */
  void token(Token.Kind kind, String text);

  /** A semicolon that ends a statement; true where COPY data follows. */
  boolean endOfStatement();

  /** A line that is nothing but a comment outside of every statement. */
  default void comment(String text) {
    // belongs to nobody
  }

  /** A backslash outside of quotes with the rest of its line; for psql only. */
  default void backslash(String text, boolean ownLine) {
    // for the server it is a symbol
  }

  /** What can't be read with certainty. */
  void problem(String what, String hint);

  /** Whether the text of strings and names matters at this point. */
  boolean wantsText();

  /** Whether what stands in the string that begins here is wanted, however long it is. */
  default boolean wantsContent() {
    return false;
  }

  /** A byte that stands in such a string, before the token that the string is. */
  default void content(byte b) {
    // not wanted
  }

  /** Whether a statement has begun and not ended. */
  boolean insideStatement();
}
