package pgrunbook.actions;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import pgrunbook.action.StepFailed;
import pgrunbook.postgres.Cluster;
import pgrunbook.postgres.ClusterView;
import pgrunbook.postgres.PostgresException;
import pgrunbook.postgres.SqlWork;

/** Work on a connection whose failures are a step's failures. */
final class OnDatabase {
  private OnDatabase() {}

  /** What is done on the connection; it may fail as a step fails. */
  @FunctionalInterface
  interface Work<T> {
    T on(Connection connection) throws SQLException, IOException, StepFailed, InterruptedException;
  }

  static <T> T write(Cluster cluster, String database, Work<T> work)
      throws StepFailed, InterruptedException {
    try {
      return cluster.write(database, carrying(work));
    } catch (Carried e) {
      throw e.failure;
    } catch (PostgresException e) {
      throw failed(e);
    }
  }

  static <T> T read(ClusterView cluster, String database, Work<T> work)
      throws StepFailed, InterruptedException {
    try {
      return cluster.read(database, carrying(work));
    } catch (Carried e) {
      throw e.failure;
    } catch (PostgresException e) {
      throw failed(e);
    }
  }

  /** The step's failure; an InterruptedException where that is why the statement ended. */
  static StepFailed failed(PostgresException e) throws InterruptedException {
    if (e.cancelled() && Thread.interrupted()) {
      throw new InterruptedException();
    }
    var hint = e.problem().hint().or(() -> Hints.of(e.problem().what()));
    return new StepFailed(e.problem().what(), hint, e);
  }

  /** The same for files and programs. */
  static StepFailed failed(String doing, IOException e) throws InterruptedException {
    var interrupted = Thread.interrupted(); // the exception takes its place
    if (interrupted || e instanceof ClosedByInterruptException) {
      throw new InterruptedException();
    }
    var why = Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
    return new StepFailed(doing + ": " + why, Hints.of(why), e);
  }

  private static <T> SqlWork<T> carrying(Work<T> work) {
    return connection -> {
      try {
        return work.on(connection);
      } catch (StepFailed e) {
        throw new Carried(e);
      } catch (IOException e) {
        throw new Carried(failed("a file or a program failed", e));
      }
    };
  }

  /** Takes a checked exception through somebody who does not know it. */
  private static final class Carried extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient StepFailed failure;

    Carried(StepFailed failure) {
      super(failure);
      this.failure = failure;
    }
  }
}
