package pgrunbook.backup;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Takes fingerprints of databases, and turns them into JSON and back. */
public final class Fingerprints {
  private static final int FIRST_WITH_TRANSACTION_TIMEOUT = 17;

  private static final List<String> SETTINGS =
      List.of(
          "DateStyle = 'ISO, YMD'",
          "IntervalStyle = 'postgres'",
          "TimeZone = 'UTC'",
          "extra_float_digits = 3",
          "bytea_output = 'hex'",
          "lc_monetary = 'C'",
          "xmlbinary = 'base64'",
          "search_path = ''",
          "row_security = off",
          "statement_timeout = 0",
          "lock_timeout = 0",
          "idle_in_transaction_session_timeout = 0");

  private static final String SEQUENCES =
      """
      SELECT n.nspname, c.relname
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind = 'S'
         AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
         AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                          WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                            AND d.objid = c.oid AND d.deptype = 'e')\
      """;

  /** In pieces of 1 MB, so that neither their size nor holes in them matter. */
  private static final String LARGE_OBJECTS =
      """
      WITH RECURSIVE piece(oid, n, length, hash) AS (
        SELECT m.oid, 0::bigint, length(d), sha256(d)
          FROM pg_catalog.pg_largeobject_metadata m, LATERAL lo_get(m.oid, 0, 1048576) d
        UNION ALL
        SELECT p.oid, p.n + 1, length(d), sha256(d)
          FROM piece p, LATERAL lo_get(p.oid, (p.n + 1) * 1048576, 1048576) d
         WHERE p.length = 1048576)
      SELECT count(*) FILTER (WHERE n = 0), coalesce(sum(length), 0),
             coalesce(sum(hashtextextended(concat_ws(':', oid, n, hash), 0)), 0)::text
        FROM piece\
      """;

  private Fingerprints() {}

  /** Gives the session the settings that fingerprints need; they stay after a take. */
  public static void prepare(Connection connection) throws SQLException {
    var settings = new ArrayList<>(SETTINGS);
    if (connection.getMetaData().getDatabaseMajorVersion() >= FIRST_WITH_TRANSACTION_TIMEOUT) {
      settings.add("transaction_timeout = 0");
    }
    try (var statement = statement(connection)) {
      for (var setting : settings) {
        statement.execute("SET " + setting);
      }
    }
  }

  /**
   * Reads everything the database holds, inside the connection's current transaction. Give it one
   * that is REPEATABLE READ, else what others commit meanwhile is half in it.
   */
  public static Fingerprint take(Connection connection) throws SQLException {
    prepare(connection);
    var tables = new TreeMap<TableName, TableSum>();
    var views = new TreeMap<TableName, Long>();
    for (var table : Relations.of(connection)) {
      if (table.kind() == Relations.Kind.TABLE) {
        tables.put(table.name(), sum(connection, table));
      } else if (table.kind() == Relations.Kind.MATERIALISED_VIEW) {
        views.put(table.name(), count(connection, table));
      }
    }
    return new Fingerprint(
        Optional.empty(),
        tables,
        sequences(connection),
        extensions(connection),
        largeObjects(connection),
        views);
  }

  /** A name may hold braces, which JDBC would take for escapes of its own. */
  private static Statement statement(Connection connection) throws SQLException {
    var statement = connection.createStatement();
    statement.setEscapeProcessing(false);
    return statement;
  }

  private static TableSum sum(Connection connection, Relations.Relation table) throws SQLException {
    var row = new ArrayList<String>();
    table.columns().stream().sorted().forEach(name -> row.add("t." + TableName.quote(name)));
    var sql =
        "SELECT count(*), coalesce(sum(hashtextextended(ROW(%s)::text, 0)), 0)::text FROM ONLY %s t"
            .formatted(String.join(", ", row), table.name().sql());
    try (var statement = statement(connection);
        var result = statement.executeQuery(sql)) {
      result.next();
      return new TableSum(result.getLong(1), result.getString(2));
    }
  }

  private static long count(Connection connection, Relations.Relation table) throws SQLException {
    try (var statement = statement(connection);
        var result = statement.executeQuery("SELECT count(*) FROM " + table.name().sql())) {
      result.next();
      return result.getLong(1);
    }
  }

  /** Where all sequences stand now: they belong to no snapshot. */
  public static SortedMap<TableName, SequenceState> sequences(Connection connection)
      throws SQLException {
    var all = new TreeMap<TableName, SequenceState>();
    try (var statement = statement(connection)) {
      try (var names = statement.executeQuery(SEQUENCES)) {
        while (names.next()) {
          all.put(
              new TableName(names.getString(1), names.getString(2)), new SequenceState(0, false));
        }
      }
      for (var sequence : all.entrySet()) {
        var sql = "SELECT last_value, is_called FROM " + sequence.getKey().sql();
        try (var state = statement.executeQuery(sql)) {
          state.next();
          sequence.setValue(new SequenceState(state.getLong(1), state.getBoolean(2)));
        }
      }
    }
    return all;
  }

  private static SortedMap<String, String> extensions(Connection connection) throws SQLException {
    var all = new TreeMap<String, String>();
    try (var statement = statement(connection);
        var result =
            statement.executeQuery("SELECT extname, extversion FROM pg_catalog.pg_extension")) {
      while (result.next()) {
        all.put(result.getString(1), result.getString(2));
      }
    }
    return all;
  }

  private static LargeObjects largeObjects(Connection connection) throws SQLException {
    try (var statement = statement(connection);
        var result = statement.executeQuery(LARGE_OBJECTS)) {
      result.next();
      return new LargeObjects(result.getLong(1), result.getLong(2), result.getString(3));
    }
  }

  public static JsonNode toJson(Fingerprint fingerprint) {
    return FingerprintJson.write(fingerprint);
  }

  /** Reads what {@link #toJson} wrote. */
  public static Fingerprint fromJson(JsonNode json) {
    return FingerprintJson.read(json);
  }
}
