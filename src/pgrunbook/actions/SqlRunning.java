package pgrunbook.actions;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import pgrunbook.action.Act;
import pgrunbook.action.StepFailed;
import pgrunbook.postgres.SqlWork;

/** Runs a script on a connection of its own. */
record SqlRunning(Act act, String database, List<String> statements) {
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

  /** Each statement by itself. */
  void oneByOne() throws InterruptedException {
    run(connection -> {
      try (var statement = connection.createStatement()) {
        script(statement);
      }
      return true;
    });
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
    statement.setEscapeProcessing(false); // a brace is a brace
    statement.setQueryTimeout(OneStatement.seconds(act.deadline()));
    for (var sql : statements) {
      var rows = statement.execute(sql) ? 0 : statement.getLargeUpdateCount();
      act.log().line(rows + " rows: " + sql.lines().findFirst().orElse(""));
    }
  }
}
