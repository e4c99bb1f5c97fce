package pgrunbook.actions;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import pgrunbook.action.Act;
import pgrunbook.action.StepFailed;
import pgrunbook.yaml.Default;
import pgrunbook.yaml.Doc;

/** A query, and the one value that it has to give. */
public record Expectation(
    @Doc("a query that only reads and gives one row with one value") String sql,
    @Doc("what it has to give: true, false, a number or a text") Object is,
    @Doc("whether indexes are left out, so that nearest neighbours are the exact ones")
        @Default("false")
        boolean exact) {
  /** An HNSW or IVFFlat index finds most of the nearest, and others after it was built again. */
  private static final List<String> EXACT =
      List.of(
          "SET enable_indexscan = off",
          "SET enable_indexonlyscan = off",
          "SET enable_bitmapscan = off");

  /** What was found instead, if something else was. */
  Optional<String> failure(String database, Act act) throws InterruptedException {
    try {
      return OnDatabase.read(act.cluster(), database, this::failure);
    } catch (StepFailed e) {
      return Optional.of("'" + sql + "' failed: " + e.getMessage());
    }
  }

  private Optional<String> failure(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      for (var setting : exact ? EXACT : List.<String>of()) {
        statement.execute(setting);
      }
      statement.setMaxRows(2);
      try (var rows = statement.executeQuery(sql)) {
        if (!rows.next()) {
          return Optional.of("'" + sql + "' gave no row, expected " + is);
        }
        var found = rows.getObject(1);
        if (rows.getMetaData().getColumnCount() != 1 || rows.next()) {
          return Optional.of("'" + sql + "' gave more than one value, expected " + is);
        }
        return equal(found) ? Optional.empty() : Optional.of(unlike(found));
      }
    }
  }

  private String unlike(@Nullable Object found) {
    return "'" + sql + "' gave " + found + ", expected " + is;
  }

  private boolean equal(@Nullable Object found) {
    return switch (found) {
      case null -> false;
      case Number number when is instanceof Number wanted ->
          new BigDecimal(number.toString()).compareTo(new BigDecimal(wanted.toString())) == 0;
      case Object other -> other.equals(is) || other.toString().equals(is.toString());
    };
  }
}
