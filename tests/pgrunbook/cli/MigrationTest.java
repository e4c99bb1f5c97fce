package pgrunbook.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static pgrunbook.testing.Databases.column;
import static pgrunbook.testing.Databases.execute;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.testing.Databases;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.SampleBackups;
import pgrunbook.testing.SampleBackups.Format;
import pgrunbook.testing.TestProject;

/** The commands and runbooks about migrations, on a plain server, by hand and through kills. */
@Timeout(240)
class MigrationTest {
  @TempDir Path folder;
  private TestProject project;

  @BeforeEach
  void makeProject() throws IOException {
    project = TestProject.in(folder);
    for (var name : List.of("migrate", "migrate-prod", "undo-migration", "stamp")) {
      project.runbook(name, Files.readString(Path.of("runbooks", name + ".yaml")));
    }
    Files.createDirectories(folder.resolve("migrations"));
  }

  @AfterEach
  void dropDatabases() {
    project.dropDatabases();
  }

  private void write(String name, String sql) {
    project.write("migrations/" + name, sql);
  }

  private void adopted() {
    assertThat(project.run("migration", "status").exits(1).out())
        .contains("no history (flyway_schema_history)", "migration adopt");
    assertThat(project.run("migration", "adopt").exits(0).out())
        .contains("__baseline.sql; review and commit it", "flyway.stamp");
    assertThat(project.run("migration", "status").exits(0).out()).contains("0 pending, 0 odd");
  }

  private List<String> versions() {
    return column(
        project.database(),
        "SELECT version FROM flyway_schema_history WHERE success ORDER BY installed_rank");
  }

  @Test
  void a_database_is_adopted_migrated_undone_and_migrated_again() throws Exception {
    // given another tool's table
    Databases.execute(
        project.database(),
        "CREATE TABLE alembic_version (version_num text);"
            + "CREATE TABLE knex_migrations (id serial PRIMARY KEY, name text);"
            + "CREATE TABLE knex_migrations_lock (index serial PRIMARY KEY, is_locked int)");
    adopted();
    // then the baseline makes the same schema in a new database
    var baseline = versions().getFirst();
    var sql = Files.readString(folder.resolve("migrations/V" + baseline + "__baseline.sql"));
    assertThat(sql).doesNotContain("restrict", "OWNER TO", "GRANT", "alembic_version", "knex");
    var fresh = PostgresServer.shared().createDatabase("fresh");
    PostgresServer.shared().script(fresh, sql);
    // when
    write("V9901__note.sql", "ALTER TABLE users ADD remark text;");
    write("U9901__note.sql", "ALTER TABLE users DROP COLUMN remark;");
    write("V999901010000__more.sql", "CREATE TABLE more (id int);");
    Files.move(
        folder.resolve("migrations/V9901__note.sql"),
        folder.resolve("migrations/V999801010000__note.sql"));
    Files.move(
        folder.resolve("migrations/U9901__note.sql"),
        folder.resolve("migrations/U999801010000__note.sql"));
    project.run("run", "migrate", "--env", "prod", "--set", "target=+1").exits(0);
    assertThat(project.run("migration", "status").exits(1).out())
        .contains("at 999801010000, 2 applied, 1 pending, 0 odd")
        .contains("pending  V999901010000__more.sql  (no U file: it can't be undone)");
    assertThat(project.run("migration", "history").exits(0).out())
        .contains("999801010000", "applied", "note");
    var undo =
        project.run("run", "undo-migration", "--env", "prod", "--confirm", project.database());
    assertThat(undo.exits(0).out()).contains("drops column users.remark: 0 values lost");
    assertThat(versions()).containsExactly(baseline);
    project.run("run", "stamp", "--env", "prod", "--set", "target=latest").exits(0);
    assertThat(versions()).hasSize(3);
    project.run("run", "stamp", "--env", "prod", "--set", "target=" + baseline).exits(0);
    project.run("run", "migrate", "--env", "prod").exits(0);
    assertThat(project.run("migration", "status").exits(0).out()).contains("0 pending, 0 odd");
  }

  private String inserts(int statements, int rows) {
    var row = "(1, 'a text that is as long as any other text')";
    return ("INSERT INTO many VALUES " + (row + ",\n").repeat(rows) + row + ";\n")
        .repeat(statements);
  }

  @Test
  void a_file_of_any_size_is_planned_and_applied_and_one_long_statement_is_told_before() {
    // given
    adopted();
    var rows = 10_000; // half a megabyte
    write("V999801010000__many.sql", "CREATE TABLE many (a int, b text);\n" + inserts(20, rows));
    write("V999901010000__one.sql", inserts(1, 60 * rows) + "DELETE FROM users;\n");
    // when
    var plan = project.run("run", "migrate", "--env", "prod", "--dry-run").exits(3);
    project.run("run", "migrate", "--env", "prod", "--set", "target=+1").exits(0);
    // then
    assertThat(plan.said())
        .contains("V999901010000__one.sql:600002 deletes rows of users")
        .contains("V999901010000__one.sql:1:1: a statement of 29 MB, which has to be read whole")
        .contains("several statements", "-Xmx");
    assertThat(column(project.database(), "SELECT count(*) FROM many"))
        .containsExactly(Integer.toString(20 * (rows + 1)));
  }

  @Test
  void production_wants_proof() {
    project.with(Format.CUSTOM);
    adopted();
    write("V999801010000__note.sql", "ALTER TABLE users ADD remark text;");
    var refused = project.run("run", "migrate-prod", "--confirm", project.database());
    assertThat(refused.exits(3).out() + refused.err())
        .contains("unproven: migrations/V999801010000__note.sql", "rehearse migrate-prod");
    project.run("run", "backup", "--env", "prod").exits(2);
    // when it is rehearsed with what production holds
    project.runbook("backup", "name: %s\nsteps:\n  - {id: b, action: postgres.backup}\n");
    project.run("run", "backup", "--env", "prod").exits(0);
    var rehearsed = project.run("rehearse", "migrate-prod", "--backup", "latest");
    assertThat(rehearsed.exits(0).out()).contains("the rehearsal begins with what");
    // then
    var done = project.run("run", "migrate-prod", "--confirm", project.database());
    assertThat(done.exits(0).out()).contains("proven by: rehearsal ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"postgres", "Der \"große\" Shop, dessen Name so lang ist wie einer sein darf!"})
  void a_rehearsal_begins_with_a_backup_whatever_the_database_is_called(String database)
      throws IOException {
    // given
    assertThat(database.getBytes(StandardCharsets.UTF_8).length).isIn(8, 63);
    var env = Files.readString(folder.resolve(".env"));
    project.write(".env", env.replace("=" + project.database(), "='" + database + "'"));
    write("V1__note.sql", "ALTER TABLE users ADD remark text;");
    project.runbook(
        "stamped",
        "name: %s\nsteps:\n  - {id: b, action: postgres.backup}\n  - {id: s, action: flyway.stamp, with: {target: latest}}\n");
    var backup = SampleBackups.shared().backup(Format.CUSTOM).toString();
    // when
    var rehearsed =
        project.run("rehearse", "stamped", "--env", "prod", "--backup", backup).exits(0);
    // then
    assertThat(rehearsed.out())
        .contains("the rehearsal begins with what shop.dump holds", "rehearsal done");
    assertThat(rehearsed.err()).isEmpty();
  }

  @Test
  void a_run_killed_in_a_long_migration_is_resumed_from_what_the_history_says() {
    // given
    adopted();
    write("V999801010000__first.sql", "CREATE TABLE first (id int);");
    write("V999801020000__slow.sql", "CREATE TABLE slow (id int); SELECT pg_sleep(3);");
    var child = project.cli().start("run", "migrate", "--env", "prod");
    child.until("the sleep", () -> !sleeping().isEmpty()).kill();
    // when
    var ended = project.run("resume");
    // then
    ended.exits(0);
    assertThat(ended.out()).contains("1 of 2 migrations are applied, up to 999801010000");
    assertThat(versions()).hasSize(3);
    assertThat(project.run("migration", "status").exits(0).out()).contains("0 pending");
  }

  private List<String> sleeping() {
    return column(
        "postgres",
        "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(3%'"
            + " AND pid <> pg_backend_pid() AND datname = '"
            + project.database()
            + "'");
  }

  @Test
  void a_run_killed_while_an_index_is_made_concurrently_asks_and_names_it() throws Exception {
    // given
    adopted();
    write("V999801010000__index.sql", "CREATE INDEX CONCURRENTLY users_slow ON users (note);");
    var invalid = "SELECT 1 FROM pg_index WHERE NOT indisvalid";
    try (var blocker = PostgresServer.shared().connect(project.database());
        var statement = blocker.createStatement()) {
      blocker.setAutoCommit(false);
      statement.execute(
          "UPDATE users SET note = note WHERE false; LOCK TABLE users IN ROW EXCLUSIVE MODE");
      var child = project.cli().start("run", "migrate", "--env", "prod");
      child.until("the index", () -> !column(project.database(), invalid).isEmpty()).kill();
      // when
      var ended = project.run("resume");
      // then
      ended.exits(4);
      assertThat(ended.out() + ended.err()).contains("DROP INDEX CONCURRENTLY users_slow");
    }
    // nothing else would mend it: neither another run nor a REINDEX
    assertThat(project.run("doctor", "--env", "prod").out())
        .contains("index public.users_slow is invalid", "resume " + project.runId())
        .doesNotContain("REINDEX", "run migrate");
    Databases.execute(project.database(), "DROP INDEX users_slow");
    project.run("resume").exits(0);
    assertThat(column(project.database(), invalid)).isEmpty();
    assertThat(versions()).hasSize(2);
  }

  @Test
  void a_rollback_does_not_drop_what_was_written_since_the_migration() throws Exception {
    adopted();
    write("V999801010000__first.sql", "CREATE TABLE first (id int);");
    write("U999801010000__first.sql", "DROP TABLE first;");
    project.run("run", "migrate", "--env", "prod").exits(0);
    var run = project.runId();
    execute(project.database(), "INSERT INTO first VALUES (1)");
    assertThat(project.run("rollback", run, "--confirm", project.database()).exits(3).err())
        .contains("drops table first: rows lost", "run undo-migration --set target=");
    assertThat(column(project.database(), "SELECT id::text FROM first")).containsExactly("1");
    execute(project.database(), "DELETE FROM first");
    project.run("rollback", run, "--confirm", project.database()).exits(0);
    assertThat(versions()).hasSize(1);
  }

  @Test
  void a_failed_migration_is_rolled_back_by_the_U_files_of_those_before_it() {
    adopted();
    write("V999801010000__first.sql", "CREATE TABLE first (id int);");
    write("U999801010000__first.sql", "DROP TABLE first;");
    write("V999801020000__wrong.sql", "CREATE TABLE wrong (id int);\nSELECT 1/0;");
    write("U999801020000__wrong.sql", "DROP TABLE wrong;");
    var failed = project.run("run", "migrate", "--env", "prod");
    assertThat(failed.exits(1).err() + failed.out())
        .contains("migrations/V999801020000__wrong.sql:2:1: division by zero");
    assertThat(failed.err()).doesNotContain("\tat ");
    project.run("rollback").exits(0);
    assertThat(versions()).hasSize(1);
    assertThat(column(project.database(), "SELECT to_regclass('first')::text")).containsExactly("");
  }
}
