package pgrunbook.environment;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where an environment's migrations lie, and where its database remembers those that were applied.
 *
 * @param dir absolute; it need not be there
 * @param shown the folder as the environment file says it
 * @param table Flyway's history table
 * @param schema the schema of that table and of what migrations create without naming one; empty
 *     means the role's current schema
 */
public record MigrationSettings(Path dir, String shown, String table, Optional<String> schema) {
  public static final String DIR = "migrations";
  public static final String TABLE = "flyway_schema_history";

  /** What an environment has that says nothing about migrations. */
  public static MigrationSettings in(Path project) {
    return new MigrationSettings(
        project.toAbsolutePath().normalize().resolve(DIR), DIR, TABLE, Optional.empty());
  }
}
