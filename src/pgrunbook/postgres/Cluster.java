package pgrunbook.postgres;

import java.time.Duration;
import java.util.List;

/** A cluster that can be changed. */
public interface Cluster extends ClusterView {
  /**
   * Does something on a new connection in autocommit mode. An interrupt cancels the statement on
   * the server; where the work had ended all the same, its result is returned and the interrupt
   * kept.
   */
  <T> T write(String database, SqlWork<T> work) throws InterruptedException;

  /**
   * The same about databases themselves, on a connection to the database <code>postgres</code> that
   * is kept: in the moment of an exchange a new one would take most of the time. The work sets
   * nothing but autocommit.
   */
  <T> T manage(SqlWork<T> work) throws InterruptedException;

  /** Runs one such statement. */
  default void manage(String sql) throws InterruptedException {
    manage(connection -> {
      Rows.execute(connection, sql);
      return sql;
    });
  }

  /** Runs one statement on a new connection. */
  default void execute(String database, String sql) throws InterruptedException {
    write(
        database,
        connection -> {
          try (var statement = connection.createStatement()) {
            return statement.execute(sql);
          }
        });
  }

  /**
   * Ends the sessions whose application_name starts so and waits until they are gone.
   *
   * @return who was ended
   * @throws PostgresException where the role may not, or some are still there after that time
   */
  List<Integer> endSessions(String prefix, Duration patience) throws InterruptedException;

  /**
   * Ends the sessions of runs that have lost their lock, or were given up, as far as they can be in
   * the way of a run on this database, and waits until they are gone.
   *
   * @return who was ended
   * @throws PostgresException where the role may not, or some are still there after that time
   */
  List<Integer> endOrphans(String database, Duration patience) throws InterruptedException;

  /**
   * Lets nobody connect to a database any more and ends every session in it. When that fails, the
   * database is open as before.
   *
   * @return who was ended
   * @throws PostgresException naming what keeps it busy: sessions or prepared transactions
   */
  List<Session> closeDatabase(String database) throws InterruptedException;

  /** Lets connections in again. */
  void openDatabase(String database) throws InterruptedException;

  /** Cancels, on the server, every statement that is being carried out for this object. */
  void cancelAll();
}
