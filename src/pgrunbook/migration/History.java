package pgrunbook.migration;

import java.util.List;
import java.util.Optional;
import pgrunbook.environment.MigrationSettings;
import pgrunbook.postgres.ClusterView;

/**
 * What a database remembers of its migrations.
 *
 * @param schema where the history table is, or would be
 * @param present whether there is a history table
 * @param rows its rows by rank
 * @param objects how many tables, types and functions the schema has beside it
 * @param otherTool the table of another migration tool in the schema, such as alembic_version
 * @param invalidIndexes indexes that CREATE INDEX CONCURRENTLY has left unfinished, of all schemas
 */
public record History(
    String schema,
    String table,
    boolean present,
    List<HistoryRow> rows,
    long objects,
    Optional<String> otherTool,
    List<String> invalidIndexes) {
  public History {
    rows = List.copyOf(rows);
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

  /** Such as <code>public.flyway_schema_history</code>. */
  public String shown() {
    return schema + "." + table;
  }
}
