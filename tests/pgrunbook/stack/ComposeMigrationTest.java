package pgrunbook.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import pgrunbook.testing.Cli;
import pgrunbook.testing.TestStack;
import pgrunbook.testing.WithDocker;

/** Migrations of both Compose projects; their database knows nothing of migrations at first. */
@WithDocker
class ComposeMigrationTest {
  private static final String COLUMN =
      "SELECT count(*) FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = 'remark'";

  /** Taken over as another tool has left it, with two migrations waiting. */
  private static TestStack adopted(TestStack stack, String environment) throws IOException {
    stack.up();
    stack.psql(
        "CREATE TABLE alembic_version (version_num text); INSERT INTO alembic_version VALUES ('4f1c')");
    Files.createDirectories(stack.folder().resolve("migrations"));
    assertThat(stack.run("migration", "status", "--env", environment).exits(1).out())
        .contains("another tool's table is there: alembic_version", "'migration adopt'");
    stack.run("migration", "adopt", "--env", environment).exits(0);
    stack.write("migrations/V999801010000__remark.sql", "ALTER TABLE users ADD remark text;\n");
    stack.write("migrations/U999801010000__remark.sql", "ALTER TABLE users DROP COLUMN remark;\n");
    stack.write(
        "migrations/V999801020000__search.sql",
        """
        CREATE TABLE notes (id int, at vector(1536));
        CREATE INDEX ON notes USING hnsw (at vector_cosine_ops);
        """);
    stack.write("migrations/U999801020000__search.sql", "DROP TABLE notes;\n");
    return stack;
  }

  @Test
  void development_goes_forward_and_back_step_by_step() throws Exception {
    try (var stack = adopted(TestStack.dev(), "dev")) {
      // when, then
      stack.run("run", "migrate", "--set", "target=+1").exits(0);
      assertThat(stack.run("migration", "status", "--env", "dev").exits(1).out())
          .contains("at 999801010000, 2 applied, 1 pending, 0 odd");
      stack.run("run", "migrate").exits(0);
      var undone = stack.run("run", "undo-migration", "--set", "target=999801010000").exits(0);
      assertThat(undone.out()).contains("drops table notes: 0 rows lost");
      stack.run("run", "stamp", "--set", "target=latest").exits(0);
      assertThat(stack.psql("SELECT to_regclass('notes') IS NULL")).isEqualTo("t");
      stack.run("run", "stamp", "--set", "target=999801010000").exits(0);
      stack.run("run", "undo-migration").exits(0);
      assertThat(stack.psql(COLUMN)).isEqualTo("0");
      stack.run("run", "migrate").exits(0);
      assertThat(stack.run("migration", "status", "--env", "dev").exits(0).out())
          .contains("3 applied, 0 pending, 0 odd");
      assertThat(stack.run("migration", "history", "--env", "dev").exits(0).out())
          .contains("baseline", "remark", "search");
      assertThat(stack.psql("SELECT version_num FROM alembic_version")).isEqualTo("4f1c");
    }
  }

  @Test
  void production_is_migrated_as_it_was_rehearsed_with_its_own_backup() throws Exception {
    try (var stack = adopted(TestStack.prod(), "prod")) {
      // given
      stack.run("run", "backup-prod").exits(0);
      var refused = migrateProd(stack).end().exits(3);
      assertThat(refused.said())
          .contains("unproven: migrations/V999801010000__remark.sql", "rehearse migrate-prod");
      assertThat(stack.psql(COLUMN)).isEqualTo("0");
      // when
      stack.run("rehearse", "migrate-prod", "--container", "--backup", backup(stack)).exits(0);
      // then, also through a kill in the middle of a migration
      var child = migrateProd(stack);
      stack.await("the safety backup", () -> started(stack, "migrate"));
      child.kill();
      stack.run("resume").exits(0);
      assertThat(stack.psql(COLUMN)).isEqualTo("1");
      assertThat(stack.run("migration", "status", "--env", "prod").exits(0).out())
          .contains("3 applied, 0 pending, 0 odd");
      stack.awaitWrite();
      // and back
      var undone =
          stack.run(
              "run", "undo-migration", "--env", "prod", "--confirm", "shop", "--set", "target=-2");
      assertThat(undone.exits(0).out()).contains("pre-undo");
      assertThat(stack.psql(COLUMN)).isEqualTo("0");
    }
  }

  private static Cli.Child migrateProd(TestStack stack) {
    return stack.cli().start("run", "migrate-prod", "--confirm", "shop");
  }

  private static boolean started(TestStack stack, String step) {
    return new Shop(stack, "", 0).runs().has("started", step);
  }

  private static String backup(TestStack stack) throws IOException {
    try (var files = Files.list(stack.backups())) {
      return files
          .map(it -> "backups/" + it.getFileName())
          .filter(it -> it.endsWith(".dump"))
          .findFirst()
          .orElseThrow();
    }
  }
}
