package pgrunbook.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Says whether somebody may still write. It is asked on the very connection, when that is open:
 * whoever takes a target over ends the sessions that were there before, and of those that come
 * later each finds here that the lock has another owner.
 */
@FunctionalInterface
public interface Fence {
  /** For whoever needs no lock. */
  Fence NONE = _ -> {};

  /**
   * Lets a write pass that may be made.
   *
   * @throws PostgresException where nothing may be written any more
   */
  void check(Connection connection) throws SQLException;
}
