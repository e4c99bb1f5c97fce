package pgrunbook.migration;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import pgrunbook.sql.EndOfCopy;
import pgrunbook.sql.SqlLexer;
import pgrunbook.sql.SqlSink;
import pgrunbook.sql.Token;

/**
 * Reads SQL statement by statement, as far as it takes to see what a migration destroys, and in
 * little memory however long a statement is. What stands in a DO is read as well.
 */
final class SqlReader implements SqlSink {
  private static final int BUFFER = 1 << 16;

  /** Hears what is read. */
  interface Hearer {
    void statement(SqlStatement statement);

    /** A statement in the body of a DO. */
    void within(SqlStatement statement, int line);

    /** Something that was not read, or can be read in more than one way. */
    void unread(int line, String what);

    /** What is kept of the file at once by somebody who reads statements whole. */
    void size(StatementSize size);
  }

  private final Hearer hearer;
  private final SqlLexer lexer = new SqlLexer(this, SqlLexer.Reader.SERVER);
  private final StatementWords words = new StatementWords();
  private final StatementSize.Meter meter = new StatementSize.Meter();
  private final EndOfCopy endOfCopy = new EndOfCopy();
  private final byte[] single = new byte[1];
  private Optional<SqlReader> body = Optional.empty();
  private boolean copying;
  private boolean ended;
  private boolean over;
  private int start = 1;

  private SqlReader(Hearer hearer) {
    this.hearer = hearer;
  }

  static void read(InputStream in, Hearer hearer) throws IOException {
    var reader = new SqlReader(hearer);
    var buffer = new byte[BUFFER];
    for (var n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      reader.accept(buffer, n);
    }
    reader.end();
  }

  private void accept(byte[] bytes, int to) {
    for (var at = 0; at < to; ) {
      var from = at;
      if (copying) {
        at = endOfCopy.find(bytes, from, to);
        lexer.skipLines(lines(bytes, from, at));
        copying = !endOfCopy.found();
        ended = !copying;
      } else {
        at = lexer.accept(bytes, from, behindSemicolon(bytes, from, to));
        copying = lexer.isAtCopyData();
      }
      meter.count(bytes, from, at);
      if (ended) {
        ended = false;
        hearer.size(meter.ended(start));
      }
    }
  }

  private static int behindSemicolon(byte[] bytes, int from, int to) {
    for (var at = from; at < to; at++) {
      if (bytes[at] == ';') {
        return at + 1;
      }
    }
    return to;
  }

  private static int lines(byte[] bytes, int from, int to) {
    var lines = 0;
    for (var at = from; at < to; at++) {
      lines += bytes[at] == '\n' ? 1 : 0;
    }
    return lines;
  }

  private void end() {
    body.ifPresent(SqlReader::end);
    single[0] = '\n';
    lexer.accept(single, 0, 1); // the last word is over
    over = true;
    endOfStatement(); // the last one needs no semicolon
    if (copying) {
      hearer.unread(start, "COPY data without its end");
    } else {
      lexer.end();
    }
    hearer.size(meter.ended(start));
  }

  @Override
  public void token(Token.Kind kind, String text) {
    if (words.isEmpty()) {
      start = (int) lexer.line();
    }
    body.ifPresent(SqlReader::end);
    body = Optional.empty();
    words.add(kind, text);
  }

  @Override
  public boolean endOfStatement() {
    if (words.isEmpty()) {
      return false;
    }
    var statement = words.take(start);
    hearer.statement(statement);
    if (!statement.whole()) {
      hearer.unread(start, "a statement of so many words was not read to its end");
    }
    var copies = !isBody() && statement.is(0, "copy") && statement.find(1, "from", "stdin") >= 0;
    ended = !copies;
    return copies;
  }

  @Override
  public void problem(String what, String hint) {
    hearer.unread(words.isEmpty() && !over ? (int) lexer.line() : start, what);
  }

  @Override
  public boolean wantsText() {
    return true;
  }

  @Override
  public boolean wantsContent() {
    return !isBody() && words.begins("do");
  }

  private boolean isBody() {
    return hearer instanceof InBody;
  }

  @Override
  public void content(byte b) {
    var reader = body.orElseGet(() -> new SqlReader(new InBody(hearer, start)));
    body = Optional.of(reader);
    single[0] = b;
    reader.accept(single, 1);
  }

  @Override
  public boolean insideStatement() {
    return !words.isEmpty();
  }

  /** Hears what is read in a body, all of which stands at the line of its DO. */
  private record InBody(Hearer hearer, int line) implements Hearer {
    @Override
    public void statement(SqlStatement statement) {
      hearer.within(statement, line);
    }

    @Override
    public void within(SqlStatement statement, int ignored) {
      hearer.within(statement, line);
    }

    @Override
    public void unread(int ignored, String what) {
      hearer.unread(line, what);
    }

    @Override
    public void size(StatementSize size) {
      // the DO has it
    }
  }
}
