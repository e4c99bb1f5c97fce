package pgrunbook.backup;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import pgrunbook.backup.NamedRoles.Policy;
import pgrunbook.sql.EndOfCopy;
import pgrunbook.sql.SqlLexer;
import pgrunbook.sql.SqlSink;
import pgrunbook.sql.Token;

/**
 * Passes a plain dump on without the statements that name roles or tablespaces of the server it
 * comes from, as pg_restore does it for archives with <code>--no-owner</code>, <code>
 * --no-privileges</code> and <code>--no-tablespaces</code>. What looks like such a statement inside
 * of quotes, functions or COPY data is none, and stays.
 */
public final class RolesLeftOut extends OutputStream {
  private static final int BUFFER = 1 << 16;

  /** What becomes of the statement that is being read. */
  private enum Fate {
    UNDECIDED,
    KEPT,
    LEFT_OUT
  }

  private final OutputStream out;
  private final Belongings which;
  private final Statement statement = new Statement();
  private final SqlLexer lexer = new SqlLexer(new Hearing(), SqlLexer.Reader.PSQL);
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();
  private Fate fate = Fate.UNDECIDED;
  private boolean ended;
  private boolean copying;
  private final EndOfCopy endOfCopy = new EndOfCopy();

  /**
   * A way to a stream, which is not closed by it.
   *
   * @param owner whether owners stay
   * @param privileges whether privileges stay
   * @param tablespaces whether tablespaces stay
   * @param policies the ones that do not stay
   */
  public RolesLeftOut(
      OutputStream out,
      boolean owner,
      boolean privileges,
      boolean tablespaces,
      List<Policy> policies) {
    this.out = new BufferedOutputStream(out, BUFFER);
    this.which = new Belongings(owner, privileges, tablespaces, policies);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    var to = offset + length;
    for (var at = offset; at < to; ) {
      if (copying) {
        var end = endOfCopy.find(bytes, at, to);
        out.write(bytes, at, end - at);
        copying = !endOfCopy.found();
        at = end;
      } else {
        lexer.accept(bytes, at, at + 1);
        take(bytes[at++]);
        copying = lexer.isAtCopyData();
      }
    }
  }

  /** The last byte that the lexer has read. */
  private void take(byte b) throws IOException {
    if (fate == Fate.KEPT) {
      letGo();
      out.write(b);
    } else if (fate == Fate.UNDECIDED) {
      held.write(b);
    }
    if (ended) {
      ended = false;
      fate = Fate.UNDECIDED;
      letGo();
    } else if (b == '\n' && statement.isEmpty()) {
      letGo();
    }
  }

  private void letGo() throws IOException {
    if (held.size() > 0) {
      held.writeTo(out);
      held.reset();
    }
  }

  /** Everything that is to arrive has arrived; the dump may still go on. */
  @Override
  public void flush() throws IOException {
    out.flush();
  }

  /** The dump is over: what was held back because it could have gone on goes on its way. */
  public void finish() throws IOException {
    letGo();
    out.flush();
  }

  private void judge(boolean whole) {
    if (fate != Fate.UNDECIDED) {
      return;
    }
    var stays = which.stays(statement, whole);
    if (stays.isPresent()) {
      fate = stays.get() ? Fate.KEPT : Fate.LEFT_OUT;
      if (fate == Fate.LEFT_OUT) {
        held.reset();
      }
    }
  }

  private final class Hearing implements SqlSink {
    @Override
    public void token(Token.Kind kind, String text) {
      statement.add(kind, text);
      judge(false);
    }

    @Override
    public boolean endOfStatement() {
      judge(true);
      var copies = statement.copiesIn();
      if (statement.begins("set", "client_encoding")) {
        lexer.encoding(Encodings.charset(statement.at(3).text()));
      }
      statement.clear();
      ended = true;
      return copies;
    }

    @Override
    public boolean wantsText() {
      return statement.wantsMore();
    }

    @Override
    public boolean insideStatement() {
      return !statement.isEmpty();
    }

    @Override
    public void backslash(String text, boolean ownLine) {
      // the examination has judged it
    }

    @Override
    public void problem(String what, String hint) {
      // the examination has found it, too
    }
  }
}
