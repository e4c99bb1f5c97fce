package pgrunbook.difference;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import pgrunbook.postgres.ClusterView;

/**
 * A column of a table.
 *
 * @param table as statements name it
 * @param name as statements name it
 */
record Column(String table, String name, String type) {
  private static final String ALL =
      """
      SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname), quote_ident(a.attname),
             format_type(a.atttypid, a.atttypmod)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped
         AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1, 2
      """;

  /** All columns of a database's tables. */
  static List<Column> of(ClusterView cluster, String database) {
    return cluster.read(
        database,
        connection -> {
          try (var statement = connection.createStatement();
              var rows = statement.executeQuery(ALL)) {
            return read(rows);
          }
        });
  }

  private static List<Column> read(java.sql.ResultSet rows) throws SQLException {
    var columns = new ArrayList<Column>();
    while (rows.next()) {
      columns.add(new Column(rows.getString(1), rows.getString(2), rows.getString(3)));
    }
    return columns;
  }
}
