package pgrunbook.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/** Something done on a connection, which is closed afterwards by whoever lent it. */
@FunctionalInterface
public interface SqlWork<T> {
  T on(Connection connection) throws SQLException, InterruptedException;
}
