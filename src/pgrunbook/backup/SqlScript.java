package pgrunbook.backup;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import pgrunbook.sql.SqlLexer;
import pgrunbook.sql.SqlSink;
import pgrunbook.sql.Token;
import pgrunbook.text.Place;
import pgrunbook.text.Problem;

/**
 * SQL that people wrote to be run as it is, read the way psql reads it.
 *
 * @param statements as they are written, without their semicolons
 * @param problems what a server would not understand, or what would end a transaction around it
 */
public record SqlScript(List<String> statements, List<Problem> problems) {
  private static final Set<String> TRANSACTION =
      Set.of("begin", "commit", "end", "rollback", "abort");

  public SqlScript {
    statements = List.copyOf(statements);
    problems = List.copyOf(problems);
  }

  /**
   * Reads it.
   *
   * @param file what problems call it
   * @param oneTransaction whether it is to be carried out whole or not at all
   */
  public static SqlScript read(String file, String sql, boolean oneTransaction) {
    return new Reader(file, oneTransaction).read(sql);
  }

  private static final class Reader implements SqlSink {
    private final String file;
    private final boolean oneTransaction;
    private final SqlLexer lexer = new SqlLexer(this, SqlLexer.Reader.PSQL);
    private final Statement statement = new Statement();
    private final List<Problem> problems = new ArrayList<>();
    private final List<String> statements = new ArrayList<>();
    private boolean ended;
    private int line;

    Reader(String file, boolean oneTransaction) {
      this.file = file;
      this.oneTransaction = oneTransaction;
    }

    SqlScript read(String sql) {
      var bytes = (sql + "\n").getBytes(StandardCharsets.UTF_8);
      var from = 0;
      for (var at = 0; at < bytes.length && problems.isEmpty(); at++) {
        lexer.accept(bytes, at, at + 1);
        if (ended) {
          statements.add(new String(bytes, from, at - from, StandardCharsets.UTF_8).strip());
          from = at + 1;
          ended = false;
        }
      }
      if (!statement.isEmpty()) {
        endOfStatement(); // the last one needs no semicolon
        statements.add(
            new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8).strip());
      }
      lexer.end();
      return new SqlScript(statements, problems);
    }

    @Override
    public void token(Token.Kind kind, String text) {
      if (statement.isEmpty()) {
        line = (int) lexer.line();
      }
      statement.add(kind, text);
    }

    @Override
    public boolean endOfStatement() {
      if (statement.isEmpty()) {
        return false;
      }
      ended = true;
      if (statement.copiesIn()) {
        problem("COPY … FROM stdin brings data that only psql sends", "write INSERT statements");
      } else if (oneTransaction && isTransaction()) {
        problem(
            statement.first().text().toUpperCase(java.util.Locale.ROOT)
                + " does not belong into what is one transaction",
            "take it out, or set transaction: false");
      }
      statement.clear();
      return false;
    }

    private boolean isTransaction() {
      var prepares = statement.begins("prepare", "transaction");
      var starts = statement.begins("start", "transaction");
      var partly = statement.begins("rollback", "to") || statement.find(1, "savepoint") > 0;
      return prepares || starts || (TRANSACTION.contains(statement.first().text()) && !partly);
    }

    @Override
    public void backslash(String text, boolean ownLine) {
      line = (int) lexer.line();
      var word = text.split("\\s", 2)[0];
      problem("\\" + word + " is a command of psql, no SQL", "write the SQL that it stands for");
    }

    @Override
    public void problem(String what, String hint) {
      var at = Math.max(1, statement.isEmpty() ? (int) lexer.line() : line);
      problems.add(new Problem(new Place(file, at, 1), what, java.util.Optional.of(hint)));
    }

    @Override
    public boolean wantsText() {
      return statement.wantsMore();
    }

    @Override
    public boolean insideStatement() {
      return !statement.isEmpty();
    }
  }
}
