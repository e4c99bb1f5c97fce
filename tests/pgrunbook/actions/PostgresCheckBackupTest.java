package pgrunbook.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.action.Claim;
import pgrunbook.action.Effect;
import pgrunbook.action.Observed;
import pgrunbook.action.Preview;
import pgrunbook.action.StepFailed;
import pgrunbook.backup.Manifests;
import pgrunbook.process.Deadline;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.TestWorld;
import pgrunbook.text.Problem;

class PostgresCheckBackupTest {
  @TempDir private Path project;

  private final PostgresCheckBackup action = new PostgresCheckBackup();
  private String database;
  private TestWorld world;

  @BeforeEach
  void open() throws Exception {
    database = Sample.database(PostgresServer.shared());
    world = TestWorld.in(project, database);
  }

  @AfterEach
  void close() {
    world.close();
  }

  private Preview preview(String yaml) {
    return action.preview(world.input(action, yaml), world.planning("check-backup"));
  }

  /** A plain dump without a manifest, with something changed in its text. */
  private String plain(String name, String what, String by) throws Exception {
    var output = Sample.backup(world, "{format: plain, label: changed}");
    var file = project.resolve(output.file());
    Files.writeString(world.backups().resolve(name), Files.readString(file).replace(what, by));
    Files.delete(file);
    Files.delete(Manifests.beside(file));
    return name;
  }

  @Test
  void a_plan_reads_the_whole_backup_and_says_what_restoring_it_means() throws Exception {
    // given
    var backup = Sample.backup(world, "{}");
    var before = Sample.files(project);
    var databases = world.cluster().databaseNames();
    // when
    var preview = preview("{backup: latest}");
    // then
    assertThat(preview.problems()).isEmpty();
    assertThat(preview.effect()).isEqualTo(Effect.READ_ONLY);
    assertThat(preview.foreseen())
        .isEqualTo(Map.of("file", backup.file(), "sha256", backup.sha256(), "format", "custom"));
    assertThat(preview.leaves())
        .containsExactly(new Claim.BackupVerified(backup.file(), backup.sha256()));
    assertThat(preview.headlines().get(0))
        .matches(
            "backup backups/app.*, custom archive, .* kB, taken .* UTC \\(\\d+ s ago, manifest\\)");
    assertThat(preview.headlines().get(1))
        .matches(database + " holds .* MB today, .* MB when the backup was taken");
    assertThat(preview.headlines().get(2)).matches("changes since .* UTC will be lost");
    assertThat(Sample.files(project)).isEqualTo(before);
    assertThat(world.cluster().databaseNames()).isEqualTo(databases);
  }

  @Test
  void latest_is_the_newest_backup_that_is_no_way_back() throws Exception {
    // given
    var older = Sample.backup(world, "{label: older}");
    var newer = Sample.backup(world, "{label: pre-migrate}");
    Sample.backup(world, "{label: pre-undo}");
    Sample.backup(world, "{label: pre-restore}");
    Files.writeString(world.backups().resolve("app.dump.part"), "PGDMP");
    Files.setLastModifiedTime(
        project.resolve(older.file()), FileTime.from(Instant.now().plusSeconds(60)));
    // when
    var preview = preview("{}");
    // then
    assertThat(preview.foreseen()).containsEntry("file", newer.file());
    assertThat(preview.facts())
        .anySatisfy(fact -> {
          assertThat(fact.name()).isEqualTo("latest");
          assertThat(fact.value())
              .endsWith("the newest of 2, by its manifest; 2 pre-restore or pre-undo left out");
        });
  }

  @Test
  void a_folder_with_ways_back_only_has_no_latest() throws Exception {
    // given
    Sample.backup(world, "{label: pre-restore}");
    // when, then
    assertThat(preview("{}").problems())
        .extracting(Problem::what)
        .containsExactly("there is no backup of test in backups");
  }

  @Test
  void a_name_is_looked_for_in_the_project_and_in_the_backups() throws Exception {
    // given
    var shown = Sample.backup(world, "{}").file();
    var name = Path.of(shown).getFileName().toString();
    // when, then
    assertThat(preview("{backup: " + name + "}").foreseen()).containsEntry("file", shown);
    assertThat(preview("{backup: " + shown + "}").foreseen()).containsEntry("file", shown);
    var typo = preview("{backup: " + name.replace(".dump", ".dmp") + "}").problems().getFirst();
    assertThat(typo.what()).startsWith("there is no backup '");
    assertThat(typo.hint()).contains("did you mean '" + name + "'?");
  }

  @Test
  void a_plan_already_refuses_a_backup_that_was_cut() throws Exception {
    // given
    var file = project.resolve(Sample.backup(world, "{format: plain}").file());
    var text = Files.readString(file);
    Files.writeString(file, text.substring(0, text.indexOf("user 639")));
    Files.delete(Manifests.beside(file));
    // when, then
    assertThat(preview("{}").problems()).isNotEmpty();
  }

  @Test
  void a_role_that_is_missing_is_a_problem_unless_owners_and_grants_are_left_out()
      throws Exception {
    // given
    var name = plain("roles.sql", "OWNER TO postgres", "OWNER TO nobody_here");
    // when, then
    var problem = preview("{backup: " + name + "}").problems().getFirst();
    assertThat(problem.what()).isEqualTo("the backup needs roles that do not exist: nobody_here");
    assertThat(problem.hint().orElseThrow()).startsWith("CREATE ROLE \"nobody_here\";");
    var without = "{backup: " + name + ", owner: false, privileges: false}";
    assertThat(preview(without).problems()).isEmpty();
  }

  @Test
  void an_extension_that_the_server_does_not_have_is_a_problem_with_its_package() throws Exception {
    // given
    var create = "CREATE EXTENSION IF NOT EXISTS vector WITH SCHEMA public;\n\nCREATE FUNCTION ";
    var name = plain("vector.sql", "CREATE FUNCTION ", create);
    // when
    var problem = preview("{backup: " + name + "}").problems().getFirst();
    // then
    assertThat(problem.what()).contains("extension 'vector'");
    assertThat(problem.hint().orElseThrow()).contains("pgvector");
  }

  @Test
  void a_backup_of_a_newer_server_is_refused_and_one_of_an_older_is_named() throws Exception {
    // given
    var server = PostgresServer.shared().connect("postgres");
    var now = "from database version " + server.getMetaData().getDatabaseMajorVersion();
    server.close();
    // when, then
    var newer = plain("newer.sql", now, "from database version 99");
    assertThat(preview("{backup: " + newer + "}").problems())
        .extracting(Problem::what)
        .anyMatch(what -> what.contains("comes from PostgreSQL 99"));
    var older = plain("older.sql", now, "from database version 11");
    assertThat(preview("{backup: " + older + "}").warnings())
        .anyMatch(what -> what.contains("comes from PostgreSQL 11"));
  }

  @Test
  void what_hinders_a_replacement_is_left_to_the_step_that_replaces() throws Exception {
    // given
    Sample.backup(world, "{}");
    world
        .server()
        .execute(
            database,
            "CREATE SUBSCRIPTION sub CONNECTION 'dbname=x' PUBLICATION p WITH (connect = false)");
    try {
      // when, then
      assertThat(preview("{}").warnings()).noneMatch(what -> what.contains("subscription"));
      var recreate = new PostgresRecreate();
      assertThat(recreate.preview(world.input(recreate, "{}"), world.planning("r")).warnings())
          .anyMatch(what -> what.contains("the subscription 'sub'"));
    } finally {
      world.server().execute(database, "ALTER SUBSCRIPTION sub SET (slot_name = NONE)");
      world.server().execute(database, "DROP SUBSCRIPTION sub");
    }
  }

  @Test
  void a_run_yields_what_the_plan_foresaw() throws Exception {
    // given
    var backup = Sample.backup(world, "{format: directory}");
    var in = world.input(action, "{}");
    var foreseen = preview("{}").foreseen();
    // when
    var act = world.act(TestWorld.RUN, "check-backup", foreseen, Deadline.none());
    var intent = action.intend(in, Optional.empty(), act);
    var output = action.run(in, intent, act);
    // then
    assertThat(output)
        .isEqualTo(
            new PostgresCheckBackup.Output(
                backup.file(), backup.sha256(), "directory", backup.size(), backup.takenAt()));
    assertThat(action.inspect(in, intent, act)).isEqualTo(new Observed.NotDone<>());
  }

  @Test
  void a_newer_backup_does_not_change_what_the_plan_chose() throws Exception {
    // given
    var backup = Sample.backup(world, "{}");
    var foreseen = preview("{}").foreseen();
    Sample.backup(world, "{}");
    // when
    var in = world.input(action, "{}");
    var act = world.act(TestWorld.RUN, "check-backup", foreseen, Deadline.none());
    var output = action.run(in, action.intend(in, Optional.empty(), act), act);
    // then
    assertThat(output.file()).isEqualTo(backup.file());
  }

  @Test
  void a_backup_that_changed_since_the_plan_fails() throws Exception {
    // given
    var file = project.resolve(Sample.backup(world, "{format: plain}").file());
    var foreseen = preview("{}").foreseen();
    Files.writeString(file, Files.readString(file).replace("user 639", "user 6"));
    var act = world.act(TestWorld.RUN, "check-backup", foreseen, Deadline.none());
    // when
    var in = world.input(action, "{}");
    var intent = action.intend(in, Optional.empty(), act);
    // then
    assertThatThrownBy(() -> action.run(in, intent, act))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("changed since the plan");
  }

  @Test
  void a_process_that_did_not_plan_reads_everything_itself() throws Exception {
    // given
    var file = project.resolve(Sample.backup(world, "{format: plain}").file());
    var whole = Files.readString(file);
    Files.writeString(file, whole.substring(0, whole.length() / 2));
    Files.delete(Manifests.beside(file));
    // when, then
    assertThatThrownBy(() -> Sample.run(new PostgresCheckBackup(), world, "{}"))
        .isInstanceOf(StepFailed.class);
  }
}
