package pgrunbook.sql;

/**
 * Knows whether a semicolon stands inside <code>CREATE FUNCTION … BEGIN ATOMIC … END</code>, by the
 * same rule of thumb as psql (psqlscan.l, since version 14).
 */
final class AtomicBody {
  private static final int HEAD = 4;

  private final StringBuilder head = new StringBuilder();
  private int words;
  private int depth;

  void reset() {
    head.setLength(0);
    words = 0;
    depth = 0;
  }

  boolean isOpen() {
    return depth > 0;
  }

  void word(String word, boolean outsideParentheses) {
    if (words++ < HEAD) {
      head.append(
          switch (word) {
            case "create", "function", "procedure", "or", "replace" -> word.charAt(0);
            default -> ' ';
          });
    }
    if (!outsideParentheses || !isRoutine()) {
      return;
    }
    switch (word) {
      case "begin" -> depth++;
      case "case" -> depth += depth > 0 ? 1 : 0;
      case "end" -> depth -= depth > 0 ? 1 : 0;
      default -> {}
    }
  }

  private boolean isRoutine() {
    var start = head.toString();
    return start.startsWith("cf")
        || start.startsWith("cp")
        || start.startsWith("corf")
        || start.startsWith("corp");
  }
}
