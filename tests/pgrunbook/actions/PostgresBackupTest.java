package pgrunbook.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import pgrunbook.action.Claim;
import pgrunbook.action.Effect;
import pgrunbook.action.Observed;
import pgrunbook.action.StepFailed;
import pgrunbook.backup.Examiner;
import pgrunbook.backup.Format;
import pgrunbook.backup.Manifests;
import pgrunbook.backup.TableName;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.TestWorld;
import pgrunbook.text.Problems;

class PostgresBackupTest {
  @TempDir private Path project;

  private final PostgresBackup action = new PostgresBackup();
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

  @ParameterizedTest
  @EnumSource(Format.class)
  void a_backup_of_any_format_is_whole_and_has_a_manifest_with_a_fingerprint(Format format)
      throws Exception {
    // when
    var output =
        Sample.backup(world, "{format: " + format.name().toLowerCase(Locale.ROOT) + ", label: x}");
    // then
    var file = project.resolve(output.file());
    assertThat(output.file())
        .matches("backups/" + database + "-test-\\d{8}T\\d{6}Z-x" + format.extension());
    var examination = Examiner.examine(file, world.world().archives(), Examiner.Progress.NONE);
    assertThat(examination.problems()).isEmpty();
    assertThat(examination.format()).contains(format);
    assertThat(output.sha256()).isEqualTo(examination.digest());
    assertThat(output.size()).isEqualTo(examination.size());
    var manifest = examination.manifest().orElseThrow();
    assertThat(manifest.label()).isEqualTo("x");
    assertThat(manifest.source().name()).isEqualTo(database);
    assertThat(manifest.source().roles()).containsKey("postgres");
    assertThat(manifest.created()).isEqualTo(output.takenAt());
    var fingerprint = manifest.fingerprint().orElseThrow();
    assertThat(fingerprint.schemaHash()).isPresent();
    assertThat(fingerprint.tables().get(new TableName("public", "users")).rows()).isEqualTo(1000);
    assertThat(world.backups().toFile().list()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"custom, none", "custom, gzip:9", "directory, gzip:6", "gzip, gzip:9", "plain, none"})
  void a_backup_is_compressed_as_the_runbook_says(String format, String compression)
      throws Exception {
    // given
    world.server().execute(database, "CREATE TABLE big AS SELECT repeat('pgrunbook ', 100000)");
    // when
    var output =
        Sample.backup(world, "{format: %s, compression: '%s'}".formatted(format, compression));
    // then
    assertThat(output.size() < 500_000).isEqualTo(!compression.equals("none"));
    assertThat(
            Sample.run(new PostgresCheckBackup(), world, "{backup: " + output.file() + "}").size())
        .isEqualTo(output.size());
  }

  @Test
  void a_plan_refuses_a_compression_that_this_pg_dump_does_not_know() {
    // given
    var knows = world.world().programs().apply("test").major("pg_dump") >= 16;
    // when
    var preview =
        action.preview(
            world.input(action, "{compression: 'zstd:1'}"), world.planning("safety-backup"));
    // then
    assertThat(preview.problems().toString().contains("does not know compression zstd"))
        .isEqualTo(!knows);
  }

  @Test
  void a_pg_dump_that_was_built_without_the_fastest_compression_uses_gzip() throws Exception {
    // given
    var folder = Files.createDirectory(project.resolve("bin"));
    var program = folder.resolve("pg_dump");
    Files.writeString(
        program,
        """
        #!/bin/sh
        case "$*" in
          *--version*) echo 'pg_dump (PostgreSQL) 17.1'; exit;;
          *--compress=zstd*)
            echo 'pg_dump: error: invalid compression specification:' \
              'this build does not support compression with ZSTD' >&2; exit 1;;
        esac
        for word; do
          shift
          case $word in
            --compress=gzip:1) set -- "$@" --compress=1;;
            *) set -- "$@" "$word";;
          esac
        done
        exec %s "$@"
        """
            .formatted(world.server().program("pg_dump")));
    assertThat(program.toFile().setExecutable(true)).isTrue();
    // when
    var output = Sample.backup(world.withPrograms(folder), "{}");
    // then
    assertThat(String.join("\n", world.log()))
        .containsSubsequence(
            "--compress=zstd:1",
            "this build does not support compression with ZSTD",
            "--compress=gzip:1");
    assertThat(
            Examiner.examine(
                    project.resolve(output.file()),
                    world.world().archives(),
                    Examiner.Progress.NONE)
                .problems())
        .isEmpty();
  }

  @Test
  void only_the_owner_can_read_it() throws Exception {
    // when
    var file = project.resolve(Sample.backup(world, "{}").file());
    // then
    for (var each : List.of(file, Manifests.beside(file))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void a_plan_names_the_command_and_changes_nothing() throws Exception {
    // given
    var before = Sample.files(project);
    // when
    var preview =
        action.preview(world.input(action, "{label: pre-restore}"), world.planning("safety"));
    // then
    assertThat(preview.problems()).isEmpty();
    assertThat(preview.effect()).isEqualTo(Effect.MUTATING);
    assertThat(preview.commands().getFirst())
        .contains("pg_dump", "--lock-wait-timeout=30000", "‹time›-pre-restore.dump.part");
    assertThat(preview.leaves())
        .containsExactly(
            new Claim.SafetyBackup(database, "‹steps.safety.file›"),
            new Claim.BackupVerified("‹steps.safety.file›", ""));
    assertThat(Sample.files(project)).isEqualTo(before);
  }

  @Test
  void a_database_that_is_not_there_is_a_problem_of_the_plan() {
    // when
    var in = world.input(action, "{database: nowhere}");
    // then
    assertThat(action.preview(in, world.planning("safety")).problems().getFirst().what())
        .isEqualTo("there is no database 'nowhere'");
  }

  @Test
  @Tag("fault")
  void a_table_that_stays_locked_is_a_failure_and_leaves_no_file() throws Exception {
    try (var other = world.server().connect(database);
        var statement = other.createStatement()) {
      // given
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE users IN ACCESS EXCLUSIVE MODE");
      // when, then
      assertThatThrownBy(() -> Sample.backup(world, "{lock_wait: 200ms}"))
          .isInstanceOfSatisfying(
              StepFailed.class,
              e -> assertThat(e.hint().orElseThrow()).contains("tables are locked by pid"))
          .hasMessageContaining("lock timeout");
      assertThat(world.backups()).isEmptyDirectory();
    }
  }

  @Test
  void an_interrupted_backup_leaves_no_file_and_no_child() throws Exception {
    // given
    Sample.makeBig(world.server(), database);
    var act = world.act("step");
    var in = world.input(action, "{}");
    var intent = action.intend(in, Optional.empty(), world.look("step"));
    // when
    var end =
        Sample.interrupted(
            () -> action.run(in, intent, act), () -> Sample.works(world, act, "COPY %big%"));
    // then
    assertThat(end).isInstanceOf(InterruptedException.class);
    assertThat(world.backups()).isEmptyDirectory();
    world.cluster().endSessions(act.run().applicationName(), Duration.ofSeconds(5));
    assertThat(world.cluster().sessionsNamed(act.run().applicationName())).isEmpty();
    assertThat(ProcessHandle.current().descendants().map(p -> p.info().command().orElse("")))
        .noneMatch(command -> command.endsWith("pg_dump"));
    assertThat(action.inspect(in, intent, world.look("step"))).isInstanceOf(Observed.NotDone.class);
  }

  @Test
  void after_a_crash_a_part_is_replaced_by_a_whole_backup() throws Exception {
    // given
    var in = world.input(action, "{}");
    var intent = action.intend(in, Optional.empty(), world.look("step"));
    Files.writeString(project.resolve(intent.part()), "half");
    // when
    var observed = action.inspect(in, intent, world.look("step"));
    var output = Sample.run(action, world, "{}", Optional.of(intent));
    // then
    assertThat(observed).isInstanceOf(Observed.Partly.class);
    assertThat(output.file()).isNotEqualTo(intent.file());
    assertThat(world.backups().toFile().list()).hasSize(2);
  }

  @Test
  void after_a_crash_between_the_last_two_files_the_orphan_is_taken_away() throws Exception {
    // given
    var in = world.input(action, "{}");
    var intent = action.intend(in, Optional.empty(), world.look("step"));
    var file = project.resolve(intent.file());
    Files.writeString(Manifests.beside(file), "{}");
    // when, then
    assertThat(action.inspect(in, intent, world.look("step"))).isInstanceOf(Observed.Partly.class);
    Sample.run(action, world, "{}", Optional.of(intent));
    assertThat(Manifests.beside(file)).doesNotExist();
  }

  @Test
  void after_a_crash_at_the_very_end_the_step_is_done_with_the_same_outputs() throws Exception {
    // given
    var in = world.input(action, "{}");
    var intent = action.intend(in, Optional.empty(), world.look("step"));
    var output = action.run(in, intent, world.act("step"));
    // when
    var observed = action.inspect(in, intent, world.look("step"));
    // then
    assertThat(observed).isEqualTo(new Observed.Done<>(output));
  }

  @Test
  void a_whole_backup_that_was_damaged_later_is_not_done_and_not_removed() throws Exception {
    // given
    var in = world.input(action, "{format: plain}");
    var intent = action.intend(in, Optional.empty(), world.look("step"));
    action.run(in, intent, world.act("step"));
    var file = project.resolve(intent.file());
    Files.writeString(file, Files.readString(file).substring(0, 2000));
    // when
    var observed = action.inspect(in, intent, world.look("step"));
    Sample.run(action, world, "{format: plain}", Optional.of(intent));
    // then
    assertThat(observed).isInstanceOf(Observed.Partly.class);
    assertThat(file).exists();
  }

  @Test
  void two_backups_of_one_second_have_two_names() throws Exception {
    // given
    var first = Sample.backup(world, "{}");
    // when
    var second = Sample.backup(world, "{}");
    // then
    assertThat(second.file()).isNotEqualTo(first.file());
    assertThat(Manifests.read(Manifests.beside(project.resolve(first.file())), new Problems()))
        .isPresent();
  }
}
