package pgrunbook.backup;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;
import pgrunbook.backup.Relations.Kind;
import pgrunbook.backup.Relations.Relation;
import pgrunbook.backup.TableResult.Outcome;

/**
 * Compares the rows of a dump with those of the database that was restored from it, for backups
 * without a fingerprint: the lines of each COPY block with those of COPY from the restored table.
 */
public final class CopyComparison {
  private final Connection connection;
  private final DumpContents dump;
  private final Map<TableName, Relation> relations = new TreeMap<>();
  private final boolean sameMajor;

  private CopyComparison(DumpContents dump, Connection connection) throws SQLException {
    this.dump = dump;
    this.connection = connection;
    var major = connection.getMetaData().getDatabaseMajorVersion();
    sameMajor = dump.serverVersion().map(version -> version.matches(major + "\\b.*")).orElse(false);
    Relations.of(connection).forEach(relation -> relations.put(relation.name(), relation));
  }

  /**
   * One result for each table of the dump, and for each other table that holds rows; sorted by
   * name. The settings of the session are changed and stay so.
   */
  public static List<TableResult> compare(DumpContents dump, Connection restored)
      throws SQLException {
    Fingerprints.prepare(restored);
    return new CopyComparison(dump, restored).all();
  }

  private List<TableResult> all() throws SQLException {
    var copied = new LinkedHashMap<TableName, CopiedTable>();
    var twice = new TreeSet<TableName>();
    for (var table : dump.tables()) {
      if (copied.put(table.table(), table) != null) {
        twice.add(table.table());
      }
    }
    var names = new TreeSet<>(copied.keySet());
    names.addAll(dump.inserted().keySet());
    names.addAll(relations.keySet());
    var results = new ArrayList<TableResult>();
    for (var name : names) {
      var mixed = twice.contains(name) || dump.inserted().containsKey(name);
      result(name, Optional.ofNullable(copied.get(name)), mixed).ifPresent(results::add);
    }
    return List.copyOf(results);
  }

  private Optional<TableResult> result(TableName name, Optional<CopiedTable> copied, boolean mixed)
      throws SQLException {
    var relation = relations.get(name);
    var expected = rows(name);
    if (relation == null) {
      return Optional.of(
          new TableResult(name, Outcome.DIFFERENT, expected, -1, "the database has no such table"));
    }
    if (copied.isPresent() && !mixed) {
      return Optional.of(compared(copied.get(), relation));
    }
    return mixed || dump.inserted().containsKey(name)
        ? Optional.of(counted(relation, expected))
        : unexpected(relation);
  }

  private long rows(TableName name) {
    var copied = dump.tables().stream().filter(t -> t.table().equals(name));
    return copied.mapToLong(t -> t.sums().count()).sum() + dump.inserted().getOrDefault(name, 0L);
  }

  private TableResult compared(CopiedTable copied, Relation relation) throws SQLException {
    var name = copied.table();
    var expected = copied.sums();
    if (!relation.columns().containsAll(copied.columns())) {
      return new TableResult(
          name, Outcome.DIFFERENT, expected.count(), -1, "the table lacks columns of the dump");
    }
    var actual = copyOut(copied, relation);
    if (actual.equals(expected)) {
      return new TableResult(name, Outcome.EQUAL, expected.count(), actual.count(), "");
    }
    var why = "the rows differ: " + expected.count() + " in the backup, " + actual.count() + " now";
    if (actual.count() == expected.count()) {
      why = "as many rows, other content";
    }
    var excuse = excuse(relation);
    if (excuse.isPresent()
        && (actual.count() == expected.count() || relation.kind() == Kind.OF_EXTENSION)) {
      return new TableResult(
          name,
          Outcome.NOT_VERIFIED,
          expected.count(),
          actual.count(),
          "content not verified: " + excuse.get());
    }
    return new TableResult(name, Outcome.DIFFERENT, expected.count(), actual.count(), why);
  }

  /** Why a correct restore may show other text, where it may. */
  private Optional<String> excuse(Relation relation) {
    if (relation.kind() == Kind.OF_EXTENSION) {
      return Optional.of("the table belongs to an extension, which writes rows itself");
    }
    if (!sameMajor) {
      return Optional.of(
          "the dump is from server "
              + dump.serverVersion().orElse("of unknown version")
              + ", and another major version may write values differently");
    }
    return relation.zoned()
        ? Optional.of(
            "times with a zone inside arrays, ranges or composites were written in the"
                + " dump's time zone, which it does not name")
        : Optional.empty();
  }

  private TableResult counted(Relation relation, long expected) throws SQLException {
    var actual = count(relation);
    return actual == expected
        ? new TableResult(
            relation.name(),
            Outcome.NOT_VERIFIED,
            expected,
            actual,
            "content not verified: its rows are INSERT statements or in several parts; their"
                + " number is right")
        : new TableResult(
            relation.name(),
            Outcome.DIFFERENT,
            expected,
            actual,
            "the rows differ: " + expected + " in the backup, " + actual + " now");
  }

  /** A table without data in the dump: no result where it is empty, as it should be. */
  private Optional<TableResult> unexpected(Relation relation) throws SQLException {
    if (relation.kind() != Kind.TABLE || isLeafOfCopiedParent(relation)) {
      return Optional.empty();
    }
    var actual = count(relation);
    return actual == 0
        ? Optional.empty()
        : Optional.of(
            new TableResult(
                relation.name(),
                Outcome.DIFFERENT,
                0,
                actual,
                "it holds " + actual + " rows that the backup does not have"));
  }

  /** With --load-via-partition-root rows stand under the parent's name. */
  private boolean isLeafOfCopiedParent(Relation relation) throws SQLException {
    var sql =
        "SELECT n.nspname, c.relname FROM pg_catalog.pg_partition_ancestors(?::regclass) a"
            + " JOIN pg_catalog.pg_class c ON c.oid = a.relid"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace";
    try (var statement = connection.prepareStatement(sql)) {
      statement.setString(1, relation.name().sql());
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          var parent = new TableName(rows.getString(1), rows.getString(2));
          if (!parent.equals(relation.name()) && rows(parent) > 0) {
            return true;
          }
        }
        return false;
      }
    }
  }

  private long count(Relation relation) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      var sql = "SELECT count(*) FROM " + from(relation);
      try (var result = statement.executeQuery(sql)) {
        result.next();
        return result.getLong(1);
      }
    }
  }

  private static String from(Relation relation) {
    return (relation.kind() == Kind.PARTITIONED ? "" : "ONLY ") + relation.name().sql();
  }

  private LineSums copyOut(CopiedTable copied, Relation relation) throws SQLException {
    var columns = copied.columns().stream().map(TableName::quote).toList();
    var list = columns.isEmpty() ? "" : " (" + String.join(", ", columns) + ")";
    var what =
        relation.kind() == Kind.PARTITIONED
            ? "(SELECT " + String.join(", ", columns) + " FROM " + relation.name().sql() + ")"
            : relation.name().sql() + list;
    var encoding =
        dump.encoding().map(e -> e.replaceAll("[^A-Za-z0-9_]", "").toUpperCase(Locale.ROOT));
    var sql = "COPY " + what + " TO STDOUT WITH (ENCODING '" + encoding.orElse("UTF8") + "')";
    var lines = new CopyLines();
    try {
      new CopyManager(connection.unwrap(BaseConnection.class)).copyOut(sql, into(lines));
    } catch (IOException e) {
      throw new SQLException("reading " + copied.table() + " was interrupted", e);
    }
    return lines.sums();
  }

  private static OutputStream into(CopyLines lines) {
    return new OutputStream() {
      @Override
      public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) {
        lines.accept(bytes, offset, offset + length);
      }
    };
  }
}
