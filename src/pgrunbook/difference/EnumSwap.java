package pgrunbook.difference;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import pgrunbook.postgres.Identifiers;
import pgrunbook.postgres.Literals;

/**
 * Gives an enum another list of values without losing a row: a new type takes the name, and the
 * columns move over to it. PostgreSQL can add a value, but take none away and move none; and a
 * value that was added can't be used in the same transaction. What is in the way (views, and
 * whatever else names the type) is dropped here; the difference that is taken afterwards brings it
 * back.
 */
final class EnumSwap {
  private static final String DEPENDANTS = resource("enum-dependants.sql");
  private static final String COLUMNS = resource("enum-columns.sql");

  private final EnumType before;
  private final EnumType after;

  EnumSwap(EnumType before, EnumType after) {
    this.before = before;
    this.after = after;
  }

  private static String resource(String name) {
    try (var in = EnumSwap.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String path(EnumType type) {
    return "ALTER TYPE " + Identifiers.quote(List.of(type.schema(), type.name()));
  }

  /** The statements, for a database that has the enum with its values of before. */
  List<Change> changes(Connection connection) throws SQLException {
    var name = Identifiers.quote(List.of(before.schema(), before.name()));
    var aside = Identifiers.quote(List.of(before.schema(), before.name() + "_before"));
    var result = new ArrayList<Change>();
    for (var row : rows(connection, DEPENDANTS)) {
      result.add(harmless(row.getFirst()));
    }
    result.add(
        harmless(
            "ALTER TYPE " + name + " RENAME TO " + Identifiers.quote(before.name() + "_before")));
    result.add(harmless("CREATE TYPE " + name + " AS ENUM (" + labels() + ")"));
    for (var row : rows(connection, COLUMNS)) {
      var column = row.get(1);
      var array = row.get(2);
      result.add(
          new Change(
              "ALTER TABLE %s ALTER COLUMN %s TYPE %s USING %s::text%s::%s"
                  .formatted(row.getFirst(), column, name + array, column, array, name + array),
              List.of(),
              Optional.of(danger(row.getFirst() + "." + column))));
    }
    result.add(harmless("DROP TYPE " + aside));
    return result;
  }

  private String labels() {
    return after.labels().stream().map(Literals::quote).collect(Collectors.joining(", "));
  }

  private String danger(String column) {
    var gone =
        before.without(after).stream().map(Literals::quote).collect(Collectors.joining(", "));
    var rewritten = "the table of " + column + " is rewritten under a lock";
    return gone.isEmpty()
        ? rewritten
        : "value "
            + gone
            + " of enum "
            + before.name()
            + " is removed: fails where a row of "
            + column
            + " has it; "
            + rewritten;
  }

  private Change harmless(String sql) {
    var rename = before.renameTo(after).map(Renames::instead);
    return new Change(
        sql,
        sql.startsWith("CREATE TYPE") ? rename.stream().toList() : List.of(),
        Optional.empty());
  }

  private List<List<String>> rows(Connection connection, String sql) throws SQLException {
    var result = new ArrayList<List<String>>();
    try (var statement = connection.prepareStatement(sql)) {
      statement.setLong(1, before.oid());
      try (var rows = statement.executeQuery()) {
        var width = rows.getMetaData().getColumnCount();
        while (rows.next()) {
          var row = new ArrayList<String>();
          for (var i = 1; i <= width; i++) {
            row.add(rows.getString(i));
          }
          result.add(row);
        }
      }
    }
    return result;
  }
}
