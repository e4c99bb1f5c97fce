package pgrunbook.actions;

import java.sql.Connection;
import java.sql.SQLException;
import pgrunbook.backup.TableName;

/** Counts the rows of a table itself, or of a partitioned table with all its parts. */
final class RowCounts {
  private RowCounts() {}

  /** -1 where there is no such table. */
  static long of(TableName table, Connection connection) throws SQLException {
    try (var known = connection.prepareStatement("SELECT to_regclass(?) IS NULL")) {
      known.setString(1, table.sql());
      try (var row = known.executeQuery()) {
        if (!row.next() || row.getBoolean(1)) {
          return -1;
        }
      }
    }
    try (var statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      var partitioned =
          "SELECT relkind = 'p' FROM pg_class WHERE oid = '"
              + table.sql().replace("'", "''")
              + "'::regclass";
      var only = "ONLY ";
      try (var row = statement.executeQuery(partitioned)) {
        only = row.next() && row.getBoolean(1) ? "" : only;
      }
      try (var row = statement.executeQuery("SELECT count(*) FROM " + only + table.sql())) {
        row.next();
        return row.getLong(1);
      }
    }
  }
}
