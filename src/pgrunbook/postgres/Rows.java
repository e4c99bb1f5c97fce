package pgrunbook.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs a query and makes something of each of its rows. */
public final class Rows {
  private Rows() {}

  /** Makes something of a row. */
  @FunctionalInterface
  public interface Mapper<T> {
    T from(ResultSet row) throws SQLException;
  }

  /** What the mapper makes of each row. */
  public static <T> List<T> of(
      Connection connection, String sql, Mapper<T> mapper, Object... parameters)
      throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      for (var i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (var rows = statement.executeQuery()) {
        var result = new ArrayList<T>();
        while (rows.next()) {
          result.add(mapper.from(rows));
        }
        return List.copyOf(result);
      }
    }
  }

  /** The same of the first row, where there is one. */
  public static <T> Optional<T> first(
      Connection connection, String sql, Mapper<T> mapper, Object... parameters)
      throws SQLException {
    return of(connection, sql, mapper, parameters).stream().findFirst();
  }

  /** A column that may be NULL. */
  public static Optional<String> text(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getString(column));
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }
}
