package pgrunbook.backup;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import pgrunbook.backup.Token.Kind;

/**
 * Cuts SQL into tokens the way psql does, in pieces of any size and with constant memory. What psql
 * and the server, or two versions of them, would read differently is a problem: a command could
 * hide there. Modelled on psqlscan.l of PostgreSQL 15.
 */
final class SqlLexer {
  /** Hears what is found. */
  interface Sink {
    void token(Kind kind, String text);

    /** A semicolon that ends a statement for psql; true where COPY data follows. */
    boolean endOfStatement();

    /** A line that is nothing but a comment outside of every statement. */
    void comment(String text);

    /** A backslash outside of quotes with the rest of its line. */
    void backslash(String text, boolean ownLine);

    void problem(String what, String hint);

    /** Whether the text of strings and names matters at this point. */
    boolean wantsText();

    /** Whether a statement has begun and not ended. */
    boolean insideStatement();
  }

  private enum State {
    NORMAL,
    WORD,
    NUMBER,
    STRING,
    STRING_END,
    ESCAPES,
    ESCAPED,
    ESCAPES_END,
    NAME,
    NAME_END,
    DOLLAR_TAG,
    DOLLAR,
    DASH,
    SLASH,
    LINE_COMMENT,
    BLOCK_COMMENT,
    BACKSLASH,
    AFTER_COPY
  }

  private static final int LONGEST_TEXT = 1024;
  private static final String DIFFERENTLY = "no pg_dump writes this; do not restore the file";

  private final Sink sink;
  private final byte[] text = new byte[LONGEST_TEXT];
  private int textLength;
  private byte[] delimiter = {};
  private int matched;

  private State state = State.NORMAL;
  private int parens;
  private final AtomicBody body = new AtomicBody();
  private int commentDepth;
  private byte previous;
  private boolean afterEscapes;
  private boolean afterEscapesNewline;
  private boolean lineHasContent;
  private boolean commentOwnLine;
  private boolean numberHasLetter;
  private boolean nul;
  private boolean atCopyData;
  private Charset encoding = StandardCharsets.UTF_8;
  private long line = 1;

  SqlLexer(Sink sink) {
    this.sink = sink;
  }

  /** The line that is being read, from 1. */
  long line() {
    return line;
  }

  /** From here on, names are written in this encoding. */
  void encoding(Charset charset) {
    encoding = charset;
  }

  /** Lines that somebody else read in between. */
  void skipLines(long lines) {
    line += lines;
  }

  /** Whether the last accept ended right before COPY data. */
  boolean isAtCopyData() {
    return atCopyData;
  }

  boolean sawNul() {
    return nul;
  }

  /** Reads up to where COPY data begins, or all; tells how far. */
  int accept(byte[] bytes, int from, int to) {
    atCopyData = false;
    for (var at = from; at < to; at++) {
      var b = bytes[at];
      if (state == State.STRING || state == State.DOLLAR || state == State.LINE_COMMENT) {
        // the long ones, quickly
        if (b != '\'' && b != '$' && b > '\n' && matched == 0 && state != State.LINE_COMMENT) {
          if (textLength < LONGEST_TEXT) {
            text[textLength++] = b;
          }
          continue;
        }
      }
      var copyFollows = state == State.AFTER_COPY && b == '\n';
      step(b);
      if (b == '\n') {
        line++;
        lineHasContent = false;
      } else if (b == 0) {
        nul = true;
      } else if (b != ' ' && b != '\t' && b != '\r') {
        lineHasContent = true;
      }
      if (copyFollows) {
        state = State.NORMAL;
        atCopyData = true;
        return at + 1;
      }
    }
    return to;
  }

  /** The file is over; what is open is a problem. */
  void end() {
    step((byte) '\n');
    var open =
        switch (state) {
          case STRING, ESCAPES, ESCAPED -> "a string";
          case NAME -> "a quoted name";
          case DOLLAR -> "a dollar-quoted text";
          case BLOCK_COMMENT -> "a comment";
          case AFTER_COPY -> "COPY data";
          case NORMAL,
              WORD,
              NUMBER,
              STRING_END,
              ESCAPES_END,
              NAME_END,
              DOLLAR_TAG,
              DASH,
              SLASH,
              LINE_COMMENT,
              BACKSLASH ->
              sink.insideStatement() ? "a statement" : "";
        };
    if (!open.isEmpty()) {
      sink.problem("the file ends inside " + open, "it is cut off; take another backup");
    }
  }

  private void step(byte b) {
    switch (state) {
      case NORMAL -> normal(b);
      case WORD -> word(b);
      case NUMBER -> number(b);
      case STRING -> quoted(b, '\'', State.STRING_END);
      case STRING_END -> quoteEnd(b, '\'', State.STRING, Kind.STRING);
      case ESCAPES -> escapes(b);
      case ESCAPED -> {
        keep(b);
        state = State.ESCAPES;
      }
      case ESCAPES_END -> {
        afterEscapes = b != '\'';
        afterEscapesNewline = false;
        quoteEnd(b, '\'', State.ESCAPES, Kind.STRING);
      }
      case NAME -> quoted(b, '"', State.NAME_END);
      case NAME_END -> quoteEnd(b, '"', State.NAME, Kind.NAME);
      case DOLLAR_TAG -> dollarTag(b);
      case DOLLAR -> dollar(b);
      case DASH, SLASH -> maybeComment(b);
      case LINE_COMMENT -> lineComment(b);
      case BLOCK_COMMENT -> blockComment(b);
      case BACKSLASH -> backslash(b);
      case AFTER_COPY -> afterCopy(b);
    }
  }

  private void normal(byte b) {
    switch (b) {
      case '\n' -> afterEscapesNewline = true;
      case ' ', '\t', '\r', '\f', 0x0b, 0 -> {}
      case '-', '/' -> {
        previous = b;
        commentOwnLine = !lineHasContent;
        state = b == '-' ? State.DASH : State.SLASH;
      }
      case '\'' -> {
        if (afterEscapes && afterEscapesNewline) {
          sink.problem("a string goes on behind an E'' string on another line", DIFFERENTLY);
        }
        start(State.STRING);
      }
      case '"' -> start(State.NAME);
      case '$' -> start(State.DOLLAR_TAG);
      case '\\' -> {
        start(State.BACKSLASH);
        commentOwnLine = !lineHasContent;
      }
      default -> {
        if (isWordStart(b)) {
          start(State.WORD);
          keep(b);
        } else if (isDigit(b)) {
          start(State.NUMBER);
          keep(b);
          numberHasLetter = false;
        } else {
          symbol(b);
        }
      }
    }
  }

  private void start(State next) {
    state = next;
    textLength = 0;
    afterEscapes = false;
  }

  private void symbol(byte b) {
    afterEscapes = false;
    if (b == '(') {
      parens++;
    } else if (b == ')' && parens > 0) {
      parens--;
    } else if (b == ';' && parens == 0 && !body.isOpen()) {
      body.reset();
      if (sink.endOfStatement()) {
        state = State.AFTER_COPY;
      }
      return;
    }
    sink.token(Kind.SYMBOL, Character.toString(b & 0xff));
  }

  private void word(byte b) {
    if (isWordStart(b) || isDigit(b) || b == '$') {
      keep(b);
      return;
    }
    if (b == '\'' && textLength == 1 && (text[0] | 0x20) == 'e') {
      start(State.ESCAPES);
      return;
    }
    var word = kept().toLowerCase(Locale.ROOT);
    body.word(word, parens == 0);
    sink.token(Kind.WORD, word);
    again(b);
  }

  private void number(byte b) {
    if (isDigit(b) || isWordStart(b) || b == '.') {
      numberHasLetter |= isWordStart(b);
      keep(b);
      return;
    }
    if (numberHasLetter && (b == '\'' || b == '$')) {
      sink.problem("a number runs into a quote", DIFFERENTLY);
    }
    sink.token(Kind.SYMBOL, kept());
    again(b);
  }

  private void again(byte b) {
    state = State.NORMAL;
    step(b);
  }

  private void quoted(byte b, char quote, State end) {
    if (b == quote) {
      state = end;
    } else {
      keep(b);
    }
  }

  private void escapes(byte b) {
    if (b == '\\') {
      state = State.ESCAPED;
    } else {
      quoted(b, '\'', State.ESCAPES_END);
    }
  }

  private void quoteEnd(byte b, char quote, State inside, Kind kind) {
    if (b == quote) {
      keep(b);
      state = inside;
    } else {
      sink.token(kind, sink.wantsText() ? kept() : "");
      again(b);
    }
  }

  private void dollarTag(byte b) {
    if (b == '$') {
      delimiter = ("$" + kept() + "$").getBytes(encoding);
      if (textLength == LONGEST_TEXT) {
        sink.problem("a dollar quote with a very long tag", DIFFERENTLY);
      }
      matched = 0;
      textLength = 0;
      state = State.DOLLAR;
    } else if (isWordStart(b) || (textLength > 0 && isDigit(b))) {
      keep(b);
    } else if (textLength == 0 && isDigit(b)) {
      sink.token(Kind.SYMBOL, "$");
      state = State.NUMBER;
      numberHasLetter = false;
    } else {
      sink.token(Kind.SYMBOL, "$");
      state = textLength == 0 ? State.NORMAL : State.WORD;
      step(b);
    }
  }

  private void dollar(byte b) {
    if (b == delimiter[matched]) {
      matched++;
    } else {
      matched = b == '$' ? 1 : 0;
    }
    if (matched == delimiter.length) {
      matched = 0;
      sink.token(Kind.STRING, "");
      state = State.NORMAL;
    }
  }

  private void maybeComment(byte b) {
    if (previous == '-' && b == '-') {
      state = State.LINE_COMMENT;
      textLength = 0;
    } else if (previous == '/' && b == '*') {
      afterEscapes = false;
      state = State.BLOCK_COMMENT;
      commentDepth = 1;
      previous = 0;
    } else {
      symbol(previous);
      again(b);
    }
  }

  private void lineComment(byte b) {
    if (b != '\n') {
      keep(b);
      return;
    }
    if (commentOwnLine && !sink.insideStatement()) {
      var comment = kept();
      sink.comment(comment.endsWith("\r") ? comment.substring(0, comment.length() - 1) : comment);
    }
    again(b);
  }

  private void blockComment(byte b) {
    if (previous == '/' && b == '*') {
      commentDepth++;
      previous = 0;
    } else if (previous == '*' && b == '/') {
      commentDepth--;
      previous = 0;
      if (commentDepth == 0) {
        state = State.NORMAL;
      }
    } else {
      previous = b;
    }
  }

  private void backslash(byte b) {
    if (b == '\n') {
      sink.backslash(kept(), commentOwnLine);
      again(b);
    } else {
      keep(b);
    }
  }

  private void afterCopy(byte b) {
    if (b != '\n' && b != '\r' && b != ' ' && b != '\t') {
      sink.problem("something stands behind COPY … FROM stdin on the same line", DIFFERENTLY);
    }
  }

  private void keep(byte b) {
    if (textLength < LONGEST_TEXT) {
      text[textLength++] = b;
    }
  }

  private String kept() {
    return new String(text, 0, textLength, encoding);
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private static boolean isWordStart(byte b) {
    return b < 0 || b == '_' || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
  }
}
