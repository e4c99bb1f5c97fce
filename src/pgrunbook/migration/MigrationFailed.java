package pgrunbook.migration;

import java.util.Optional;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.jspecify.annotations.Nullable;
import pgrunbook.text.Place;
import pgrunbook.text.Problem;

/**
 * A migration, or Flyway itself, stopped; says file, line and statement and what PostgreSQL said.
 */
public final class MigrationFailed extends RuntimeException {
  private static final long serialVersionUID = 1;
  private static final int LONGEST = 400;

  private final transient Problem problem;
  private final String statement;
  private final String sqlState;

  MigrationFailed(
      Place at, String what, String statement, String sqlState, @Nullable Throwable cause) {
    super(what, cause);
    this.problem = new Problem(at, what, hint(cause, sqlState));
    this.statement = statement;
    this.sqlState = sqlState;
  }

  /** The file and line of the statement, what the server said, and a hint for the usual cases. */
  public Problem problem() {
    return problem;
  }

  /** The statement that failed, shortened; empty where it was none. */
  public Optional<String> statement() {
    if (statement.isBlank()) {
      return Optional.empty();
    }
    var text = statement.strip();
    return Optional.of(text.length() <= LONGEST ? text : text.substring(0, LONGEST) + " …");
  }

  /** Five characters as the server gave them; empty where it was not the server. */
  public String sqlState() {
    return sqlState;
  }

  /** Whether it gave up waiting for a lock, so that others need not queue behind it. */
  public boolean waitedForLock() {
    return sqlState.equals("55P03");
  }

  /** Whether the connection was lost, after which nobody knows what was committed. */
  public boolean lost() {
    return sqlState.startsWith("08") || sqlState.startsWith("57P") || sqlState.equals("40003");
  }

  private static Optional<String> hint(@Nullable Throwable cause, String sqlState) {
    if (cause instanceof FlywayValidateException) {
      return Optional.of("'migration status' names in what the files and the history disagree");
    }
    return Optional.ofNullable(
        switch (sqlState) {
          case "42501" -> "the role may not do that: migrate as the owner, or as a superuser";
          case "42P07", "42701", "42710" ->
              "it is there already: was it made by hand? then 'stamp' this version, or remove it";
          case "42P01", "42703", "42704", "42883" ->
              "it is not there: does an earlier migration make it under this name and schema?";
          case "0A000", "58P01" -> "is the extension's package installed on the server?";
          case "25001" ->
              "a statement that can't run in a transaction needs a migration of its own";
          default -> null;
        });
  }
}
