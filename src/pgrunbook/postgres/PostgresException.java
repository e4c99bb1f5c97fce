package pgrunbook.postgres;

import org.jspecify.annotations.Nullable;
import pgrunbook.text.Problem;

/** PostgreSQL, or the way to it, said no; the message has the server's words and a hint. */
public final class PostgresException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The server's code for a statement that was cancelled. */
  private static final String CANCELLED = "57014";

  private final transient Problem problem;
  private final String sqlState;

  public PostgresException(Problem problem, String sqlState, @Nullable Throwable cause) {
    super(problem.toString(), cause);
    this.problem = problem;
    this.sqlState = sqlState;
  }

  public PostgresException(String what, String hint) {
    this(Problem.of(what, hint), "", null);
  }

  static PostgresException interrupted() {
    var problem = Problem.of("interrupted");
    return new PostgresException(problem, CANCELLED, null);
  }

  public Problem problem() {
    return problem;
  }

  /** Five characters as the server gave them, or nothing where it was not the server. */
  public String sqlState() {
    return sqlState;
  }

  /** The statement was cancelled, because of an interrupt, {@code cancelAll} or a time-out. */
  public boolean cancelled() {
    return sqlState.equals(CANCELLED);
  }
}
