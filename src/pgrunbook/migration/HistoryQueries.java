package pgrunbook.migration;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgrunbook.environment.MigrationSettings;
import pgrunbook.postgres.Identifiers;

/** Reads the history table, and what is around it. */
final class HistoryQueries {
  /** The tables by which other tools are known. */
  private static final List<String> OTHER_TOOLS =
      List.of(
          "alembic_version",
          "django_migrations",
          "databasechangelog",
          "databasechangeloglock",
          "schema_migrations",
          "ar_internal_metadata",
          "_prisma_migrations",
          "__EFMigrationsHistory",
          "goose_db_version",
          "knex_migrations",
          "knex_migrations_lock",
          "typeorm_metadata",
          "atlas_schema_revisions");

  /** What was restored by one transaction, the table included, has lost who wrote it. */
  private static final String ROWS =
      """
      SELECT installed_rank, version, description, type, script, checksum, installed_by,
             installed_on::timestamptz AS installed_on, execution_time, success,
             CASE WHEN h.xmin::text <> a.xmin::text THEN h.xmin::text END AS transaction
        FROM {table} h
        LEFT JOIN pg_attribute a ON a.attrelid = h.tableoid AND a.attname = 'ctid'
       ORDER BY installed_rank
      """;

  /**
   * What Flyway counts when it asks whether a schema is empty: nothing that an extension brought.
   */
  private static final String OBJECTS =
      """
      SELECT (SELECT count(*) FROM pg_class c
               WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
                 AND c.relname <> ?
                 AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                                    AND d.objid = c.oid AND d.deptype = 'e'))
           + (SELECT count(*) FROM pg_type t
               WHERE t.typnamespace = n.oid AND t.typtype IN ('e', 'd', 'r')
                 AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_type'::regclass
                                    AND d.objid = t.oid AND d.deptype = 'e'))
           + (SELECT count(*) FROM pg_proc p
               WHERE p.pronamespace = n.oid
                 AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass
                                    AND d.objid = p.oid AND d.deptype = 'e'))
        FROM pg_namespace n WHERE n.nspname = ?
      """;

  private static final String INVALID =
      "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid"
          + " AND NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = indexrelid AND relkind = 'I')"
          + " ORDER BY 1";

  /** Those of serial columns: pg_dump leaves out a table without its sequences. */
  private static final String SEQUENCES =
      "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) FROM pg_depend d"
          + " JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S'"
          + " JOIN pg_namespace n ON n.oid = c.relnamespace"
          + " WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass"
          + " AND d.deptype IN ('a', 'i') AND d.refobjid = ?::regclass ORDER BY 1";

  private HistoryQueries() {}

  static History read(Connection connection, MigrationSettings settings) throws SQLException {
    var schema = schema(connection, settings);
    var present = exists(connection, schema, settings.table());
    var rows = present ? rows(connection, schema, settings.table()) : List.<HistoryRow>of();
    return new History(
        schema,
        !texts(connection, "SELECT 1 FROM pg_namespace WHERE nspname = ?", schema).isEmpty(),
        settings.table(),
        present,
        rows,
        objects(connection, schema, settings.table()),
        otherTools(connection, schema),
        texts(connection, INVALID));
  }

  /** Where Flyway would look too: in the schema that is named, else in the current one. */
  static String schema(Connection connection, MigrationSettings settings) throws SQLException {
    if (settings.schema().isPresent()) {
      return settings.schema().get();
    }
    return texts(connection, "SELECT coalesce(current_schema(), 'public')").getFirst();
  }

  static boolean exists(Connection connection, String schema, String table) throws SQLException {
    return !texts(
            connection,
            "SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE n.nspname = ? AND c.relname = ? AND c.relkind IN ('r', 'p')",
            schema,
            table)
        .isEmpty();
  }

  static List<HistoryRow> rows(Connection connection, String schema, String table)
      throws SQLException {
    var sql = ROWS.replace("{table}", Identifiers.quote(List.of(schema, table)));
    try (var statement = connection.prepareStatement(sql);
        var found = statement.executeQuery()) {
      var rows = new ArrayList<HistoryRow>();
      while (found.next()) {
        rows.add(row(found));
      }
      return rows;
    }
  }

  private static HistoryRow row(ResultSet row) throws SQLException {
    var checksum = row.getInt("checksum");
    return new HistoryRow(
        row.getInt("installed_rank"),
        Optional.ofNullable(row.getString("version")).flatMap(Version::parse),
        row.getString("description"),
        row.getString("type"),
        row.getString("script"),
        row.getObject("checksum") == null ? Optional.empty() : Optional.of(checksum),
        row.getString("installed_by"),
        row.getObject("installed_on", OffsetDateTime.class).toInstant(),
        row.getInt("execution_time"),
        row.getBoolean("success"),
        Optional.ofNullable(row.getString("transaction")));
  }

  private static long objects(Connection connection, String schema, String table)
      throws SQLException {
    var found = texts(connection, OBJECTS, table, schema);
    return found.isEmpty() ? 0 : Long.parseLong(found.getFirst());
  }

  private static List<String> otherTools(Connection connection, String schema) throws SQLException {
    var found = new ArrayList<String>();
    for (var table : OTHER_TOOLS) {
      if (exists(connection, schema, table)) {
        found.add(table);
      }
    }
    return found;
  }

  static List<String> withSequences(Connection connection, String schema, List<String> tables)
      throws SQLException {
    var all = new ArrayList<String>();
    for (var table : tables) {
      var quoted = Identifiers.quote(List.of(schema, table));
      all.add(quoted);
      all.addAll(texts(connection, SEQUENCES, quoted));
    }
    return all;
  }

  static List<String> texts(Connection connection, String sql, String... parameters)
      throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      for (var i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      try (var rows = statement.executeQuery()) {
        var texts = new ArrayList<String>();
        while (rows.next()) {
          texts.add(rows.getString(1));
        }
        return texts;
      }
    }
  }
}
