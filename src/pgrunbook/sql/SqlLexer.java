package pgrunbook.sql;

import java.nio.charset.Charset;
import java.util.Locale;
import pgrunbook.sql.Token.Kind;

/**
 * Cuts SQL into tokens, in pieces of any size and with constant memory. What psql and the server,
 * or two versions of them, would read differently is a problem: a command could hide there.
 * Modelled on psqlscan.l of PostgreSQL 15.
 */
public final class SqlLexer {
  /** Who is going to read the SQL. */
  public enum Reader {
    /** A backslash begins a command, and a statement goes on to where its parentheses close. */
    PSQL,
    /** A backslash is a symbol, and every semicolon ends a statement, in bodies and rules, too. */
    SERVER
  }

  private enum State {
    NORMAL,
    WORD,
    UNICODE,
    COLON,
    VARIABLE,
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

  private static final String DIFFERENTLY = "no pg_dump writes this; do not restore the file";

  private final SqlSink sink;
  private final Reader reader;
  private final Lines lines = new Lines();
  private final ShortText text = new ShortText();
  private final DollarQuote dollarQuote = new DollarQuote();
  private final BlockComment blockComment = new BlockComment();
  private final AtomicBody body = new AtomicBody();
  private final NumberToken number = new NumberToken();

  private State state = State.NORMAL;
  private int parens;
  private byte previous;
  private boolean contentWanted;
  private boolean afterEscapes;
  private boolean afterEscapesNewline;
  private boolean commentOwnLine;
  private boolean atCopyData;

  public SqlLexer(SqlSink sink, Reader reader) {
    this.sink = sink;
    this.reader = reader;
  }

  /** The line that is being read, from 1. */
  public long line() {
    return lines.line();
  }

  /** From here on, names are written in this encoding. */
  public void encoding(Charset charset) {
    text.encoding(charset);
  }

  /** Lines that somebody else read in between. */
  public void skipLines(long number) {
    lines.skip(number);
  }

  /** Whether the last accept ended right before COPY data. */
  public boolean isAtCopyData() {
    return atCopyData;
  }

  /** Whether a NUL byte was read. */
  public boolean sawNul() {
    return lines.sawNul();
  }

  /** Reads up to where COPY data begins, or all; tells how far. */
  public int accept(byte[] bytes, int from, int to) {
    atCopyData = false;
    for (var at = from; at < to; at++) {
      var b = bytes[at];
      if (isInsideOfLong(b)) {
        inside(b);
        continue;
      }
      var copyFollows = state == State.AFTER_COPY && b == '\n';
      step(b);
      lines.after(b);
      if (copyFollows) {
        state = State.NORMAL;
        atCopyData = true;
        return at + 1;
      }
    }
    return to;
  }

  /** A byte that can't end a string or a body: those are long, and are to be read quickly. */
  private boolean isInsideOfLong(byte b) {
    return b > '\n'
        && b != '\''
        && b != '$'
        && (state == State.STRING || (state == State.DOLLAR && !dollarQuote.isEnding()));
  }

  /** The file is over; what is open is a problem. */
  public void end() {
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
              UNICODE,
              COLON,
              VARIABLE,
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
      case UNICODE -> unicode(b);
      case COLON -> colon(b);
      case VARIABLE -> variable(b);
      case NUMBER -> number(b);
      case STRING -> quoted(b, '\'', State.STRING_END);
      case STRING_END -> quoteEnd(b, '\'', State.STRING, Kind.STRING);
      case ESCAPES -> escapes(b);
      case ESCAPED -> escaped(b);
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
      case '\n', '\r' -> afterEscapesNewline = true;
      case ' ', '\t', '\f', 0x0b, 0 -> {}
      case '-', '/' -> {
        previous = b;
        commentOwnLine = !lines.hasContent();
        state = b == '-' ? State.DASH : State.SLASH;
      }
      case '\'' -> {
        if (afterEscapes && afterEscapesNewline) {
          sink.problem("a string goes on behind an E'' string on another line", DIFFERENTLY);
        }
        startString(State.STRING);
      }
      case '"' -> start(State.NAME);
      case '$' -> start(State.DOLLAR_TAG);
      case '\\' -> backslashed(b);
      case ':' -> start(State.COLON);
      default -> {
        if (isWordStart(b)) {
          start(State.WORD);
          text.keep(b);
        } else if (isDigit(b)) {
          startNumber(b);
        } else {
          symbol(b);
        }
      }
    }
  }

  private void backslashed(byte b) {
    if (reader == Reader.SERVER) {
      symbol(b);
      return;
    }
    start(State.BACKSLASH);
    commentOwnLine = !lines.hasContent();
  }

  private void start(State next) {
    state = next;
    text.clear();
    afterEscapes = false;
    contentWanted = false;
  }

  private void startNumber(byte first) {
    start(State.NUMBER);
    text.keep(first);
    number.begin(first);
  }

  private void startString(State next) {
    start(next);
    contentWanted = sink.wantsContent();
  }

  /** A byte of a string or a quoted name. */
  private void inside(byte b) {
    text.keep(b);
    if (contentWanted) {
      sink.content(b);
    }
  }

  private void symbol(byte b) {
    afterEscapes = false;
    if (b == '(') {
      parens++;
    } else if (b == ')' && parens > 0) {
      parens--;
    } else if (b == ';' && endsStatement()) {
      parens = 0;
      body.reset();
      if (sink.endOfStatement()) {
        state = State.AFTER_COPY;
      }
      return;
    }
    sink.token(Kind.SYMBOL, Character.toString(b & 0xff));
  }

  private boolean endsStatement() {
    return reader == Reader.SERVER || (parens == 0 && !body.isOpen());
  }

  private void word(byte b) {
    if (isWordStart(b) || isDigit(b) || b == '$') {
      text.keep(b);
      return;
    }
    if (b == '\'' && text.isLetter('e')) {
      startString(State.ESCAPES);
      return;
    }
    if (b == '&' && text.isLetter('u')) {
      state = State.UNICODE;
      return;
    }
    endOfWord(b != '\'' || !(text.isLetter('b') || text.isLetter('n') || text.isLetter('x')));
    again(b);
  }

  /** The beginning of a string such as <code>x''</code> is a word, but psql does not count it. */
  private void endOfWord(boolean counts) {
    var word = text.text().toLowerCase(Locale.ROOT);
    if (counts) {
      body.word(word, parens == 0);
    }
    sink.token(Kind.WORD, word);
  }

  private void unicode(byte b) {
    endOfWord(b != '\'' && b != '"');
    if (b == '"' && reader == Reader.PSQL) {
      sink.problem("a name is written as U&\"…\"", DIFFERENTLY);
    }
    state = State.NORMAL;
    symbol((byte) '&');
    step(b);
  }

  /** For psql, <code>:name</code> is a variable, and what stands behind it begins anew. */
  private void colon(byte b) {
    var isVariable = reader == Reader.PSQL && (isWordStart(b) || isDigit(b));
    symbol((byte) ':');
    if (b == ':' || b == '=') {
      state = State.NORMAL;
      symbol(b);
    } else if (isVariable) {
      start(State.VARIABLE);
      text.keep(b);
    } else {
      again(b);
    }
  }

  private void variable(byte b) {
    if (isWordStart(b) || isDigit(b)) {
      text.keep(b);
      return;
    }
    if (b == '\'' || b == '"' || b == '$') {
      sink.problem("a variable of psql runs into a quote", DIFFERENTLY);
    }
    sink.token(Kind.WORD, text.text().toLowerCase(Locale.ROOT));
    again(b);
  }

  private void number(byte b) {
    if (number.takes(b)) {
      text.keep(b);
      return;
    }
    if (number.isOddBefore(b)) {
      sink.problem("a number runs into something else", DIFFERENTLY);
    }
    sink.token(Kind.SYMBOL, text.text());
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
      inside(b);
    }
  }

  private void escapes(byte b) {
    if (b == '\\') {
      state = State.ESCAPED;
    } else {
      quoted(b, '\'', State.ESCAPES_END);
    }
  }

  private void escaped(byte b) {
    if (contentWanted && (isDigit(b) || b == 'x' || (b | 0x20) == 'u')) {
      sink.problem("a string to be carried out has a character written as its number", DIFFERENTLY);
    }
    var space = b == 'b' || b == 'f' || b == 'n' || b == 'r' || b == 't';
    inside(space ? (byte) '\n' : b);
    state = State.ESCAPES;
  }

  private void quoteEnd(byte b, char quote, State inside, Kind kind) {
    if (b == quote) {
      inside(b);
      state = inside;
    } else {
      sink.token(kind, sink.wantsText() ? text.text() : "");
      again(b);
    }
  }

  private void dollarTag(byte b) {
    if (b == '$') {
      dollarQuote.begin(text.delimiter());
      if (text.isFull()) {
        sink.problem("a dollar quote with a very long tag", DIFFERENTLY);
      }
      startString(State.DOLLAR);
    } else if (isWordStart(b) || (!text.isEmpty() && isDigit(b))) {
      text.keep(b);
    } else if (text.isEmpty() && isDigit(b)) {
      startNumber((byte) '$');
      step(b);
    } else {
      sink.token(Kind.SYMBOL, "$");
      state = text.isEmpty() ? State.NORMAL : State.WORD;
      step(b);
    }
  }

  private void dollar(byte b) {
    if (dollarQuote.closes(b, this::inside)) {
      sink.token(Kind.STRING, sink.wantsText() ? text.text() : "");
      state = State.NORMAL;
    }
  }

  private void maybeComment(byte b) {
    if (previous == '-' && b == '-') {
      state = State.LINE_COMMENT;
      text.clear();
    } else if (previous == '/' && b == '*') {
      afterEscapes = false;
      state = State.BLOCK_COMMENT;
      blockComment.begin();
    } else {
      symbol(previous);
      again(b);
    }
  }

  private void lineComment(byte b) {
    if (b != '\n' && b != '\r') {
      text.keep(b);
      return;
    }
    if (commentOwnLine && !sink.insideStatement()) {
      sink.comment(text.text());
    }
    again(b);
  }

  private void blockComment(byte b) {
    if (blockComment.closes(b)) {
      state = State.NORMAL;
    }
  }

  private void backslash(byte b) {
    if (b == '\n') {
      sink.backslash(text.text(), commentOwnLine);
      again(b);
    } else {
      text.keep(b);
    }
  }

  private void afterCopy(byte b) {
    if (b != '\n' && b != '\r' && b != ' ' && b != '\t') {
      sink.problem("something stands behind COPY … FROM stdin on the same line", DIFFERENTLY);
    }
  }

  static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  static boolean isWordStart(byte b) {
    return b < 0 || b == '_' || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
  }
}
