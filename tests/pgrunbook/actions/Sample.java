package pgrunbook.actions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import pgrunbook.action.Act;
import pgrunbook.action.Action;
import pgrunbook.action.StepFailed;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.TestWorld;

/**
 * A database that holds something of everything, and what the tests of backups do again and again.
 */
final class Sample {
  private static final String SQL =
      """
      CREATE TABLE users (id serial PRIMARY KEY, name text NOT NULL, since timestamptz);
      INSERT INTO users (name, since)
        SELECT 'user ' || n, timestamptz '2026-01-01 00:00+00' + n * interval '1 hour'
          FROM generate_series(1, 1000) n;
      CREATE TABLE "Odd {name}" (key int, value text);
      INSERT INTO "Odd {name}" VALUES (1, NULL), (2, E'tab\\there'), (3, 'ünïcode');
      CREATE TABLE empty (id int);
      CREATE TABLE parted (id int, part int) PARTITION BY LIST (part);
      CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1);
      INSERT INTO parted VALUES (1, 1), (2, 1);
      CREATE VIEW names AS SELECT name FROM users;
      CREATE MATERIALIZED VIEW counted AS SELECT count(*) FROM users;
      CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';
      """;

  private Sample() {}

  /** A new database with a thousand users and more. */
  static String database(PostgresServer server) throws SQLException {
    var name = server.createDatabase("app");
    server.execute(name, SQL);
    return name;
  }

  /** A new, empty database with a name as runs give it. */
  static String privateDatabase(TestWorld world) throws SQLException {
    var name = Private.restoring(world.target().database(), world.look("sample").run());
    world.server().execute("postgres", "CREATE DATABASE " + name + " TEMPLATE template0");
    return name;
  }

  /** Makes dumping and restoring take a second or two. */
  static void makeBig(PostgresServer server, String database) throws SQLException {
    server.execute(
        database,
        "CREATE TABLE big AS SELECT n, md5(n::text) a, md5((n + 1)::text) b"
            + " FROM generate_series(1, 300000) n; CREATE INDEX ON big (a)");
  }

  static <I extends Record, N extends Record, O extends Record> O run(
      Action<I, N, O> action, TestWorld world, String yaml)
      throws StepFailed, InterruptedException {
    return run(action, world, yaml, Optional.empty());
  }

  /** As the engine runs a step: bind, intend, run. */
  static <I extends Record, N extends Record, O extends Record> O run(
      Action<I, N, O> action, TestWorld world, String yaml, Optional<N> earlier)
      throws StepFailed, InterruptedException {
    var in = world.input(action, yaml);
    var intent = action.intend(in, earlier, world.look("step"));
    return action.run(in, intent, world.act("step"));
  }

  static PostgresBackup.Output backup(TestWorld world, String yaml)
      throws StepFailed, InterruptedException {
    return run(new PostgresBackup(), world, yaml);
  }

  /** Everything below a folder, so that two looks can be compared. */
  static Map<String, String> files(Path folder) throws IOException {
    var found = new TreeMap<String, String>();
    try (var all = Files.walk(folder)) {
      for (var path : all.toList()) {
        found.put(
            folder.relativize(path).toString(),
            Files.getLastModifiedTime(path)
                + " "
                + (Files.isDirectory(path) ? 0 : Files.size(path)));
      }
    }
    return found;
  }

  /** Interrupts the work as soon as the condition holds; what it ended with is returned. */
  static Throwable interrupted(Callable<?> work, BooleanSupplier when) throws Exception {
    var task = new FutureTask<>(work::call);
    var thread = Thread.ofPlatform().start(task);
    var end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!when.getAsBoolean() && thread.isAlive() && System.nanoTime() < end) {
      Thread.sleep(2);
    }
    thread.interrupt();
    try {
      return new AssertionError("it came to its end: " + task.get());
    } catch (ExecutionException e) {
      return e.getCause();
    }
  }

  /** Whether a client program of the step has a session. */
  static boolean works(TestWorld world, Act act, String query) {
    return world
        .cluster()
        .<Boolean>read(
            "postgres",
            connection -> {
              var sql =
                  "SELECT count(*) FROM pg_stat_activity WHERE application_name = ? AND query LIKE ?";
              try (var statement = connection.prepareStatement(sql)) {
                statement.setString(1, act.run().applicationName());
                statement.setString(2, query);
                try (var row = statement.executeQuery()) {
                  return row.next() && row.getLong(1) > 0;
                }
              }
            });
  }
}
