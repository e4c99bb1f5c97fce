package pgrunbook.actions;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import pgrunbook.action.Act;
import pgrunbook.action.StepFailed;
import pgrunbook.postgres.PostgresException;
import pgrunbook.postgres.SqlWork;

/** Runs a script on a connection of its own. */
record SqlRunning(Act act, String database, List<String> statements) {
  /** What statements that may answer with many rows begin with, and no procedure that commits. */
  private static final Set<String> ROWS =
      Set.of("select", "with", "values", "table", "insert", "update", "delete", "merge");

  private static final int SHOWN_WORDS = 3;
  private static final Pattern COMMENT =
      Pattern.compile("--[^\n]*\n|/\\*.*?\\*/|\\(", Pattern.DOTALL);
  private static final Pattern WORD = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_$.]*|\\S");

  /** The message takes the number into the write-ahead log. */
  private static final String NUMBER =
      "SELECT txid_current()::text FROM pg_logical_emit_message(true, 'pgrunbook', 'began')";

  /** A commit, with which everything before it in the write-ahead log gets to the server's disk. */
  private static final String FLUSH =
      "SET synchronous_commit = local; SELECT pg_logical_emit_message(true, 'pgrunbook', 'mark')";

  /** Takes a failure of the mark through the connection. */
  private static final class MarkFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    MarkFailed(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /** In one transaction, whose number is on the disk before it changes anything. */
  void whole(TransactionMark mark) throws StepFailed, InterruptedException {
    try {
      run(connection -> {
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
          mark.write(number(statement)); // which no other transaction gets, even after a crash
          script(statement);
        } catch (IOException e) {
          throw new MarkFailed(e);
        }
        connection.commit();
        return true;
      });
    } catch (MarkFailed e) {
      throw new StepFailed(
          "the number of the transaction could not be written down: " + e.getMessage(),
          "is the disk full? nothing was changed");
    }
  }

  /**
   * Each statement by itself.
   *
   * @throws StepFailed uncertain where earlier statements stay although a later one failed
   */
  void oneByOne() throws StepFailed, InterruptedException {
    var done = new AtomicInteger();
    try {
      run(connection -> {
        var driver = connection.unwrap(BaseConnection.class);
        try (var statement = connection.createStatement()) {
          for (var sql : statements) {
            alone(driver, statement, sql);
            done.incrementAndGet();
          }
        }
        return true;
      });
    } catch (PostgresException e) {
      if (done.get() == 0 || !OneStatement.isRolledBack(e)) {
        throw e;
      }
      throw part(done.get(), OneStatement.failed(e, act.deadline()));
    }
  }

  private StepFailed part(int done, StepFailed why) {
    return StepFailed.uncertain(
        "statement %d of %d failed, and what came before it stays: %s"
            .formatted(done + 1, statements.size(), why.getMessage()),
        why.hint().orElse("look what is to be run again; one transaction would leave nothing"));
  }

  /**
   * One that may answer with rows gets a transaction to itself, unless the script has begun one:
   * only in a transaction does the driver fetch rows bit by bit. No other is put into one, as
   * VACUUM and its like refuse it.
   */
  private void alone(BaseConnection driver, Statement statement, String sql) throws SQLException {
    var begun = driver.getTransactionState() != TransactionState.IDLE;
    var single = !begun && ROWS.contains(words(sql, 1).toLowerCase(Locale.ROOT));
    driver.setAutoCommit(!begun && !single);
    run(statement, sql);
    if (single) {
      driver.commit();
    }
  }

  private void run(SqlWork<Boolean> work) throws InterruptedException {
    act.cluster().write(database, work);
  }

  private String number(Statement statement) throws SQLException {
    try (var row = statement.executeQuery(NUMBER)) {
      row.next();
      var number = row.getString(1);
      flush();
      return number;
    }
  }

  private void flush() throws SQLException {
    try {
      act.cluster().execute(database, FLUSH);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted before anything was changed", "57014", e);
    }
  }

  private void script(Statement statement) throws SQLException {
    for (var sql : statements) {
      run(statement, sql);
    }
  }

  private void run(Statement statement, String sql) throws SQLException {
    statement.setEscapeProcessing(false); // a brace is a brace
    statement.setFetchSize(OneStatement.ROWS_AT_ONCE);
    statement.setQueryTimeout(OneStatement.seconds(act.deadline()));
    var rows =
        statement.execute(sql) ? drained(statement) : Math.max(0, statement.getLargeUpdateCount());
    act.log().line(rows + " rows: " + words(sql, SHOWN_WORDS) + " …"); // the rest may be secret
  }

  private static long drained(Statement statement) throws SQLException {
    var count = 0L;
    try (var rows = statement.getResultSet()) {
      while (rows.next()) {
        count++;
      }
    }
    return count;
  }

  /** The first words of a statement, without the comments before it. */
  private static String words(String sql, int most) {
    var rest = sql.strip();
    for (var comment = COMMENT.matcher(rest); comment.lookingAt(); comment.reset(rest)) {
      rest = rest.substring(comment.end()).strip();
    }
    return WORD.matcher(rest)
        .results()
        .limit(most)
        .map(MatchResult::group)
        .collect(Collectors.joining(" "));
  }
}
