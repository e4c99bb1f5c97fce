package pgrunbook.migration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import pgrunbook.environment.MigrationSettings;
import pgrunbook.postgres.Cluster;

/**
 * Applies migrations by Flyway, on connections of the given cluster: the same road and
 * application_name as everything else that a step does, and an interrupt cancels what runs on the
 * server.
 *
 * @param settings names the history table and its schema; the files are given to {@link #apply}
 * @param lockTimeout how long a statement may wait for a lock; zero waits for ever
 * @param before SQL that each connection runs first, such as SET SESSION AUTHORIZATION
 */
public record Migrator(
    Cluster cluster, MigrationSettings settings, Duration lockTimeout, List<String> before) {
  public Migrator {
    before = List.copyOf(before);
  }

  public Migrator(Cluster cluster, MigrationSettings settings) {
    this(cluster, settings, Duration.ZERO, List.of());
  }

  /** A migration that was applied, and the milliseconds that it took. */
  public record Applied(Migration migration, int millis) {}

  /** Applies all files that are pending. */
  public List<Applied> applyAll(String database, Migrations files) throws InterruptedException {
    return apply(database, files, Optional.empty(), _ -> {});
  }

  /**
   * Applies the files that are pending, up to and including the target.
   *
   * @param log hears which migration begins, and what the server says meanwhile
   * @throws MigrationFailed where one fails; those before it stay applied
   */
  public List<Applied> apply(
      String database, Migrations files, Optional<Version> target, Consumer<String> log)
      throws InterruptedException {
    // Flyway looks and locks on one connection and migrates on the other.
    return cluster.write(
        database,
        first ->
            cluster.write(
                database,
                second -> {
                  var sql = new ArrayList<>(before);
                  sql.add("SET lock_timeout = " + lockTimeout.toMillis());
                  try (var lent = LentConnections.of(List.of(first, second), sql)) {
                    return new FlywayRun(settings, files, log).apply(lent, target);
                  }
                }));
  }
}
