package pgrunbook.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.action.Claim;
import pgrunbook.action.Effect;
import pgrunbook.action.Observed;
import pgrunbook.action.StepFailed;
import pgrunbook.backup.Manifests;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.TestWorld;

class PostgresVerifyTest {
  @TempDir private Path project;

  private final PostgresVerify action = new PostgresVerify();
  private String database;
  private String restored;
  private TestWorld world;

  @BeforeEach
  void open() throws Exception {
    database = Sample.database(PostgresServer.shared());
    world = TestWorld.in(project, database);
    restored = Sample.privateDatabase(world);
  }

  @AfterEach
  void close() {
    world.close();
  }

  /** Backs up and restores; what is given to the step besides these two. */
  private String restored(String format, String more) throws Exception {
    var backup = Sample.backup(world, "{format: " + format + "}").file();
    var with = "backup: %s, database: %s".formatted(backup, restored);
    Sample.run(new PostgresRestore(), world, "{" + with + "}");
    return "{" + with + more + "}";
  }

  private void forgetManifest() throws Exception {
    try (var all = Files.list(world.backups())) {
      for (var file : all.toList()) {
        Files.deleteIfExists(Manifests.beside(file));
      }
    }
  }

  @Test
  void what_was_restored_whole_is_verified_by_its_content() throws Exception {
    // given
    var with =
        restored(
            "custom",
            ", expect: [{sql: select count(*) from users, is: 1000},"
                + " {sql: select count(*) > 0 from users, is: true},"
                + " {sql: select name from users where id = 7, is: user 7}]");
    // when
    var output = Sample.run(action, world, with);
    // then
    assertThat(output.verified()).isEqualTo("content");
    assertThat(output.rows()).isEqualTo(1005);
    assertThat(output.tables()).isEqualTo(4);
    assertThat(output.fingerprint()).hasSize(64).isEqualTo(output.sourceFingerprint());
  }

  @Test
  void every_table_that_differs_is_named() throws Exception {
    // given
    var with = restored("custom", "");
    world
        .server()
        .execute(
            restored,
            "UPDATE users SET name = 'x' WHERE id = 5; DELETE FROM \"Odd {name}\" WHERE key = 1;"
                + " CREATE TABLE more AS SELECT 1");
    // when, then
    assertThatThrownBy(() -> Sample.run(action, world, with))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("content of public.users")
        .hasMessageContaining("rows of public.\"Odd {name}\": expected 3 rows, found 2 rows")
        .hasMessageContaining("unexpected table public.more")
        .hasMessageContaining("schema");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DROP INDEX users_pkey_gone",
        "ALTER TABLE users ALTER name DROP NOT NULL",
        "SELECT setval('users_id_seq', 5000)",
        "SELECT lo_from_bytea(0, 'x')"
      })
  void what_is_no_row_is_compared_too(String sql) throws Exception {
    // given
    world.server().execute(database, "CREATE INDEX users_pkey_gone ON users (name)");
    var with = restored("directory", "");
    world.server().execute(restored, sql);
    // when, then
    assertThatThrownBy(() -> Sample.run(action, world, with)).isInstanceOf(StepFailed.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"custom", "plain"})
  void without_a_manifest_the_rows_of_the_dump_are_compared(String format) throws Exception {
    // given
    var with = restored(format, "");
    forgetManifest();
    // when
    var output = Sample.run(action, world, with);
    // then
    assertThat(output.verified()).isEqualTo("content");
    assertThat(output.sourceFingerprint()).isEmpty();
    // and
    world.server().execute(restored, "UPDATE users SET name = 'x' WHERE id = 5");
    assertThatThrownBy(() -> Sample.run(action, world, with))
        .hasMessageContaining("public.users: as many rows, other content");
  }

  @Test
  void numbers_of_rows_alone_are_no_verified_content() throws Exception {
    // given
    var with = restored("custom", ", fingerprint: false");
    world.server().execute(restored, "UPDATE users SET name = 'x' WHERE id = 5");
    // when
    var output = Sample.run(action, world, with);
    var preview = action.preview(world.input(action, with), world.planning("verify"));
    // then
    assertThat(output.verified()).isEqualTo("counts");
    assertThat(world.log()).anyMatch(line -> line.startsWith("CONTENT NOT VERIFIED"));
    assertThat(preview.warnings()).anyMatch(line -> line.startsWith("content not verified"));
    assertThat(preview.leaves()).isEmpty();
    // and
    world.server().execute(restored, "DELETE FROM users WHERE id = 5; DROP TABLE empty");
    assertThatThrownBy(() -> Sample.run(action, world, with))
        .hasMessageContaining("rows of public.users: expected 1000 rows, found 999")
        .hasMessageContaining("rows of public.empty: expected 0 rows, found no such table");
  }

  @Test
  void a_dump_of_inserts_is_compared_by_numbers_only() throws Exception {
    // given
    var file = world.backups().resolve("inserts.sql");
    world.server().run("pg_dump", "--inserts", "-d", database, "-f", file.toString()).ok();
    world.server().runWithInput(file, "psql", "-q", "-X", "-d", restored).ok();
    // when
    var output =
        Sample.run(action, world, "{backup: inserts.sql, database: %s}".formatted(restored));
    // then
    assertThat(output.verified()).isEqualTo("counts");
  }

  @Test
  void every_expectation_that_is_not_met_is_named() throws Exception {
    // given
    var with =
        restored(
            "custom",
            ", expect: [{sql: select 1, is: 2}, {sql: select nothing, is: 1},"
                + " {sql: select 1 where false, is: 1}, {sql: delete from users, is: 1},"
                + " {sql: select null, is: x}]");
    // when, then
    assertThatThrownBy(() -> Sample.run(action, world, with))
        .hasMessageContaining("'select 1' gave 1, expected 2")
        .hasMessageContaining("'select nothing' failed")
        .hasMessageContaining("gave no row")
        .hasMessageContaining("read-only transaction")
        .hasMessageContaining("gave null, expected x");
  }

  @Test
  void owners_that_were_left_out_leave_the_schema_out() throws Exception {
    // given
    var with = restored("custom", ", owner: false");
    world.server().execute(restored, "GRANT SELECT ON users TO PUBLIC");
    // when, then
    assertThat(Sample.run(action, world, with).verified()).isEqualTo("content");
    assertThat(world.log())
        .contains("the schema is not compared: owners or privileges were left out");
  }

  @Test
  void a_plan_changes_nothing_and_a_crash_is_looked_at_anew() throws Exception {
    // given
    var with = restored("custom", "");
    var in = world.input(action, with);
    var before = Sample.files(project);
    // when
    var preview = action.preview(in, world.planning("verify"));
    // then
    assertThat(preview.effect()).isEqualTo(Effect.READ_ONLY);
    assertThat(preview.needs()).containsExactly(new Claim.Restored(restored));
    assertThat(preview.leaves()).containsExactly(new Claim.ContentVerified(restored));
    assertThat(Sample.files(project)).isEqualTo(before);
    var intent = action.intend(in, Optional.empty(), world.look("step"));
    assertThat(action.inspect(in, intent, world.look("step"))).isEqualTo(new Observed.NotDone<>());
  }

  @Test
  void an_interrupt_ends_it_without_a_session() throws Exception {
    // given
    Sample.makeBig(world.server(), database);
    var in = world.input(action, restored("custom", ""));
    var intent = action.intend(in, Optional.empty(), world.look("step"));
    var act = world.act("step");
    // when
    var end =
        Sample.interrupted(
            () -> action.run(in, intent, act),
            () -> Sample.works(world, act, "SELECT count(%big%"));
    // then
    assertThat(end).isInstanceOf(InterruptedException.class);
    assertThat(world.cluster().sessionsNamed(act.run().applicationName()))
        .noneMatch(session -> session.state().equals("active"));
  }
}
