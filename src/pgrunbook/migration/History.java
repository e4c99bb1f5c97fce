package pgrunbook.migration;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import pgrunbook.environment.MigrationSettings;
import pgrunbook.postgres.ClusterView;

/**
 * What a database remembers of its migrations.
 *
 * @param schema where the history table is, or would be
 * @param schemaPresent whether that schema is there: Flyway makes none, and finds out after seconds
 * @param present whether there is a history table
 * @param rows its rows by rank
 * @param objects how many tables, types and functions the schema has beside it
 * @param otherTools the tables of other migration tools in the schema, such as alembic_version
 * @param invalidIndexes indexes that CREATE INDEX CONCURRENTLY has left unfinished, of all schemas
 */
public record History(
    String schema,
    boolean schemaPresent,
    String table,
    boolean present,
    List<HistoryRow> rows,
    long objects,
    List<String> otherTools,
    List<String> invalidIndexes) {
  public History {
    rows = List.copyOf(rows);
    otherTools = List.copyOf(otherTools);
    invalidIndexes = List.copyOf(invalidIndexes);
  }

  /**
   * Looks, read-only and without Flyway.
   *
   * @throws pgrunbook.postgres.PostgresException where the database is not there or may not be read
   */
  public static History read(ClusterView cluster, String database, MigrationSettings settings) {
    return cluster.read(database, connection -> HistoryQueries.read(connection, settings));
  }

  /** The other tools' tables and the sequences that belong to them, qualified and quoted. */
  public List<String> foreign(ClusterView cluster, String database) {
    return cluster.read(
        database, connection -> HistoryQueries.withSequences(connection, schema, otherTools));
  }

  /** The rows that hold: without those that a later one took back, and those about no version. */
  public List<HistoryRow> holding() {
    Map<Version, HistoryRow> holding = new LinkedHashMap<>();
    for (var row : rows) {
      row.version()
          .ifPresent(version -> {
            holding.remove(version);
            if (!row.takesBack()) {
              holding.put(version, row);
            }
          });
    }
    return List.copyOf(holding.values());
  }

  /** Such as <code>public.flyway_schema_history</code>. */
  public String shown() {
    return schema + "." + table;
  }
}
