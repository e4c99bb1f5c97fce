package pgrunbook.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import pgrunbook.environment.MigrationSettings;
import pgrunbook.migration.Migrations;
import pgrunbook.migration.Migrator;
import pgrunbook.postgres.Connector;
import pgrunbook.postgres.PlainCluster;
import pgrunbook.testing.TestProject;
import pgrunbook.testing.TestStack;
import pgrunbook.testing.WithDocker;
import pgrunbook.text.Secret;

/** Migrations made from the development database in its container, with pgvector. */
@WithDocker
class ComposeMigrationNewTest {
  private static final String CHANGE =
      """
      CREATE TYPE mood AS ENUM ('good', 'bad');
      CREATE DOMAIN address AS text CHECK (VALUE LIKE '%@%');
      ALTER TABLE users ADD contact address, ADD feeling mood NOT NULL DEFAULT 'good',
        ADD tags jsonb NOT NULL DEFAULT '{}', ADD year int GENERATED ALWAYS AS (extract(year FROM created)) STORED;
      CREATE INDEX users_lower ON users (lower(name)) WHERE id > 10;
      CREATE INDEX users_tags ON users USING gin (tags);
      ALTER TABLE users ADD CONSTRAINT year_known CHECK (year > 1900), ENABLE ROW LEVEL SECURITY;
      CREATE POLICY own ON users USING (name = current_user);
      ALTER TABLE documents ADD summary vector(1536), ADD reviewer integer REFERENCES users;
      CREATE INDEX documents_summary ON documents USING hnsw (summary vector_cosine_ops);
      CREATE TABLE events (at date NOT NULL, what text) PARTITION BY RANGE (at);
      CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
      CREATE INDEX events_what ON events (what);
      CREATE VIEW happy AS SELECT id, email FROM users WHERE feeling = 'good';
      CREATE MATERIALIZED VIEW counts AS SELECT count(*) AS n FROM happy;
      CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN NEW.title := upper(NEW.title); RETURN NEW; END $$;
      CREATE TRIGGER documents_shout BEFORE INSERT ON documents
        FOR EACH ROW EXECUTE FUNCTION shout();
      """;

  private static TestStack stack;

  @BeforeAll
  static void up() {
    stack = TestStack.dev();
    stack.up();
  }

  @AfterAll
  static void down() {
    stack.close();
  }

  @Test
  void what_was_changed_live_becomes_a_migration_that_leaves_no_difference() throws Exception {
    // given
    stack.run("migration", "new", "What is there", "--from", "dev").exits(0);
    stack.psql(CHANGE);
    migrate("shop_fresh");
    stack.write(
        "runbooks/environments/fresh.yaml",
        Files.readString(stack.folder().resolve("runbooks/environments/dev.yaml"))
            .replace("name: dev", "name: fresh")
            .replace("${env.POSTGRES_DB}", "shop_fresh"));
    // when
    var written = stack.run("migration", "new", "Moods", "--from", "dev").exits(0);
    // then
    assertThat(written.err()).isEmpty();
    assertThat(written.out())
        .contains("ADD COLUMN summary public.vector(1536)")
        .contains("run stamp");
    // and back and forward again
    migrate("shop_fresh");
    undo("shop_fresh");
    migrate("shop_fresh");
    assertThat(stack.run("migration", "new", "Again", "--from", "fresh").exits(0).out())
        .contains("no difference");
    assertThat(stack.psqlIn("postgres", "SELECT datname FROM pg_database"))
        .doesNotContain("_scratch_");
  }

  private static void migrate(String database) throws InterruptedException {
    var connector =
        new Connector(
            "127.0.0.1",
            stack.devPort(),
            TestStack.DATABASE,
            Optional.of(new Secret(TestProject.PASSWORD)),
            Optional.empty());
    try (var cluster = new PlainCluster(connector, () -> "test")) {
      if (cluster.database(database).isEmpty()) {
        cluster.execute("postgres", "CREATE DATABASE " + database + " TEMPLATE template0");
      }
      new Migrator(cluster, MigrationSettings.in(stack.folder()))
          .applyAll(database, Migrations.read(migrations()).orThrow());
    }
  }

  private static Path migrations() {
    return stack.folder().resolve("migrations");
  }

  private static void undo(String database) throws IOException {
    try (var files = Files.list(migrations())) {
      var moods =
          files.filter(it -> it.getFileName().toString().matches("U.*__moods.sql")).toList();
      assertThat(moods).hasSize(1);
      stack.psqlIn(database, Files.readString(moods.getFirst()));
    }
    stack.psqlIn(database, "DELETE FROM flyway_schema_history WHERE description = 'moods'");
    var left = List.of("mood", "address", "shout", "happy", "events");
    assertThat(
            stack.psqlIn(
                database,
                "SELECT relname FROM pg_class UNION SELECT typname FROM pg_type UNION SELECT proname FROM pg_proc"))
        .satisfies(names -> assertThat(names.lines()).doesNotContainAnyElementsOf(left));
  }
}
