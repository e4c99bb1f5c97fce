package pgrunbook.difference;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import pgrunbook.postgres.ClusterView;

/**
 * A line for each thing in a database, in the server's own words: a second opinion, because who
 * compares databases by what pgCodeKeeper reads can't see what it does not read.
 */
final class Catalog {
  private static final String QUERY = query();

  private Catalog() {}

  private static String query() {
    try (var in = Catalog.class.getResourceAsStream("catalog.sql")) {
      if (in == null) {
        throw new IllegalStateException("catalog.sql is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * All lines, without those of extensions' objects and of the tables that are no part of a schema.
   */
  static SortedSet<String> of(
      ClusterView cluster, String database, Collection<String> bookkeeping) {
    return cluster.read(database, connection -> lines(connection, bookkeeping));
  }

  private static SortedSet<String> lines(Connection connection, Collection<String> bookkeeping)
      throws SQLException {
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      statement.execute("SET LOCAL search_path = ''");
    }
    var lines = new TreeSet<String>();
    try (var statement = connection.prepareStatement(QUERY)) {
      statement.setArray(1, connection.createArrayOf("text", bookkeeping.toArray()));
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          lines.add(rows.getString(1));
        }
      }
    }
    connection.rollback();
    return lines;
  }

  /** What only one of them has. */
  static List<String> difference(SortedSet<String> is, SortedSet<String> should) {
    var found = new ArrayList<String>();
    Stream.concat(
            should.stream().filter(line -> !is.contains(line)).map(line -> "missing: " + line),
            is.stream().filter(line -> !should.contains(line)).map(line -> "too much: " + line))
        .forEach(found::add);
    return found;
  }
}
