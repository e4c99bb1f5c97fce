package pgrunbook.actions;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import pgrunbook.action.Act;
import pgrunbook.action.StepFailed;
import pgrunbook.postgres.PostgresException;
import pgrunbook.text.Place;
import pgrunbook.text.Problem;

/** Carries out SQL of a step's own; where the server says no, the statement is named. */
final class Statements {
  private static final int LONGEST_SHOWN = 160;

  private Statements() {}

  /** Runs statements one by one, each a transaction of its own, as CREATE DATABASE wants it. */
  static void execute(Act act, List<String> statements) throws StepFailed, InterruptedException {
    for (var sql : statements) {
      act.log().line(sql);
      try {
        act.cluster().manage(sql);
      } catch (PostgresException e) {
        throw failed(act, sql, e);
      }
    }
  }

  /** Runs statements in one transaction. */
  static void executeAsOne(Act act, List<String> statements)
      throws StepFailed, InterruptedException {
    statements.forEach(sql -> act.log().line(sql));
    var current = new AtomicReference<>("BEGIN");
    try {
      act.cluster().manage(connection -> asOne(connection, statements, current));
    } catch (PostgresException e) {
      throw failed(act, current.get(), e);
    }
  }

  private static int asOne(
      Connection connection, List<String> statements, AtomicReference<String> current)
      throws SQLException {
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      for (var sql : statements) {
        current.set(sql);
        statement.execute(sql);
      }
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    }
    current.set("COMMIT");
    connection.commit();
    return statements.size();
  }

  /**
   * A step's failure where the server said no; a lost connection leaves open what became of it.
   *
   * @throws PostgresException where nobody knows whether the statement took effect
   */
  static StepFailed failed(Act act, String sql, PostgresException e) throws InterruptedException {
    if (e.cancelled() && Thread.interrupted()) {
      throw new InterruptedException();
    }
    var what = act.masking().mask(shown(sql)) + " failed " + e.problem().what();
    if (!OneStatement.isRolledBack(e)) {
      throw new PostgresException(
          new Problem(Place.NONE, what, e.problem().hint()), e.sqlState(), e);
    }
    return new StepFailed(what, e.problem().hint(), e);
  }

  private static String shown(String sql) {
    var end =
        sql.offsetByCodePoints(0, Math.min(LONGEST_SHOWN, sql.codePointCount(0, sql.length())));
    return end < sql.length() ? sql.substring(0, end) + "…" : sql;
  }
}
