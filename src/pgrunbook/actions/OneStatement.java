package pgrunbook.actions;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import pgrunbook.action.StepFailed;
import pgrunbook.postgres.Cluster;
import pgrunbook.postgres.ClusterView;
import pgrunbook.postgres.PostgresException;
import pgrunbook.process.Deadline;
import pgrunbook.text.Problem;

/** A statement that people wrote into a runbook, and what a server answers to it. */
record OneStatement(String sql) {
  static final int ROWS_AT_ONCE = 1000;

  /** The server's code for what it can't parse. */
  private static final String SYNTAX_ERROR = "42601";

  /** Codes after which nobody knows: connection exceptions, shutdown, completion unknown. */
  private static final List<String> LOST = List.of("08", "57P", "40003");

  /**
   * What came back.
   *
   * @param value first column of the first row; empty for NULL, and where there is no row
   * @param rows how many rows came back or were changed
   */
  record Answer(Optional<String> value, long rows) {}

  /** Why it is not one statement, where it is not. */
  Optional<Problem> problem() {
    return switch (SqlCount.of(sql)) {
      case 0 -> Optional.of(Problem.of("'sql' holds no statement", "write one statement"));
      case 1 -> Optional.empty();
      default ->
          Optional.of(
              Problem.of(
                  "'sql' holds more than one statement",
                  "write a step for each, or run a file with exec and psql"));
    };
  }

  /**
   * Asks in a read-only transaction that the statement itself cannot make writable; it ends with
   * the connection.
   *
   * @throws PostgresException where the server says no
   */
  Answer ask(ClusterView cluster, String database, Deadline deadline) {
    return cluster.read(
        database,
        connection -> {
          connection.setAutoCommit(false);
          try (var statement = connection.createStatement()) {
            statement.execute("SELECT 1"); // from now on the transaction stays read-only
            return answer(statement, deadline);
          }
        });
  }

  /**
   * Changes something in one transaction, which is committed where the answer is accepted.
   *
   * @throws PostgresException where the server says no
   */
  Answer change(Cluster cluster, String database, Predicate<Answer> accepted, Deadline deadline)
      throws InterruptedException {
    return cluster.write(
        database,
        connection -> {
          connection.setAutoCommit(false);
          Answer answer;
          try (var statement = connection.createStatement()) {
            answer = answer(statement, deadline);
          }
          if (accepted.test(answer)) {
            connection.commit();
          } else {
            connection.rollback();
          }
          return answer;
        });
  }

  private Answer answer(Statement statement, Deadline deadline) throws SQLException {
    statement.setEscapeProcessing(false); // a brace is a brace
    statement.setFetchSize(ROWS_AT_ONCE);
    statement.setQueryTimeout(seconds(deadline));
    if (!statement.execute(sql)) {
      return new Answer(Optional.empty(), Math.max(0, statement.getLargeUpdateCount()));
    }
    try (var rows = statement.getResultSet()) {
      var value = Optional.<String>empty();
      var count = 0L;
      while (rows.next()) {
        value = count == 0 ? first(rows) : value;
        count++;
      }
      return new Answer(value, count);
    }
  }

  static int seconds(Deadline deadline) {
    var most = Duration.ofSeconds(Integer.MAX_VALUE);
    return deadline.remaining().isEmpty()
        ? 0
        : (int) Math.max(1, deadline.atMost(most).plusMillis(999).toSeconds());
  }

  private static Optional<String> first(ResultSet rows) throws SQLException {
    return rows.getObject(1) instanceof Boolean yes
        ? Optional.of(yes.toString()) // the driver's text would be t or f
        : Optional.ofNullable(rows.getString(1));
  }

  /** What the server says to it today, without running it; nothing where it understands it. */
  Optional<PostgresException> misunderstood(ClusterView cluster, String database) {
    if (sql.contains("?")) {
      return Optional.empty(); // the driver would take it for a parameter
    }
    try {
      cluster.read(
          database,
          connection -> {
            try (var prepared = connection.prepareStatement(sql)) {
              return prepared.getMetaData() == null;
            }
          });
      return Optional.empty();
    } catch (PostgresException e) {
      return Optional.of(e);
    }
  }

  /** Whether the server itself said no; a connection lost during COMMIT leaves both possible. */
  static boolean isRolledBack(PostgresException e) {
    var state = e.sqlState();
    return !state.isEmpty() && LOST.stream().noneMatch(state::startsWith);
  }

  static boolean isSyntaxError(PostgresException e) {
    return e.sqlState().equals(SYNTAX_ERROR);
  }

  /** The server's no as a step's failure, unless somebody interrupted. */
  static StepFailed failed(PostgresException e, Deadline deadline) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    return e.cancelled() && deadline.expired()
        ? new StepFailed(
            "cancelled because its time was over", Optional.of("give the step a longer timeout"), e)
        : new StepFailed(e.problem().what(), e.problem().hint(), e);
  }
}
