package pgrunbook.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import pgrunbook.backup.Verdict;
import pgrunbook.testing.Databases;
import pgrunbook.testing.Folders;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.SampleBackups.Format;
import pgrunbook.testing.TestProject;

/** The whole of restore-prod, as a person sees it, on a plain server. */
class RunTest {
  @TempDir Path folder;
  private TestProject project;

  @BeforeEach
  void makeProject() {
    project = TestProject.in(folder);
  }

  @AfterEach
  void dropDatabases() {
    project.dropDatabases();
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void a_backup_of_any_format_replaces_the_database(Format format) {
    // given
    project.with(format);
    var before = project.state().databases().get(project.database());
    // when
    var ended = project.restore().end();
    // then
    ended.exits(0);
    assertThat(ended.out()).contains("content equal to the backup's");
    assertThat(project.verdict()).isInstanceOf(Verdict.Same.class);
    var after = Databases.of(project.database());
    assertThat(after).hasSize(2);
    var current = after.get(project.database());
    assertThat(current.oid()).isNotEqualTo(before.oid());
    assertThat(current.properties()).isEqualTo(before.properties());
    assertThat(current.open()).isTrue();
    var kept = after.get(after.lastKey());
    assertThat(kept.oid()).isEqualTo(before.oid());
    assertThat(ended.out()).contains(after.lastKey());
    assertThat(project.services().isUp("backend")).isTrue();
    assertThat(project.services().calls()).containsExactly("stop backend", "start backend");
    assertThat(project.inMaintenance()).isFalse();
    assertThat(project.sessions()).isEmpty();
  }

  @Test
  void a_run_leaves_files_for_its_owner_only_and_the_password_in_none() throws IOException {
    // given
    project.with(Format.CUSTOM);
    // when
    var ended = project.restore().end().exits(0);
    // then
    assertThat(ended.said()).doesNotContain(TestProject.PASSWORD);
    try (var all = Files.walk(folder.resolve(".pgrunbook"))) {
      for (var path : all.toList()) {
        var mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        assertThat(mode)
            .as(path.toString())
            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
      }
    }
    for (var file : Folders.files(folder)) {
      if (!file.getFileName().toString().equals(".env")) {
        assertThat(DryRunTest.holdsPassword(file)).as(file.toString()).isFalse();
      }
    }
    assertThat(project.runFolder().resolve("logs/restore.log")).exists();
    assertThat(project.runFolder().resolve("runbook.yaml"))
        .hasSameTextualContentAs(folder.resolve("runbooks/restore-prod.yaml"));
    for (var backup : Folders.files(project.backups())) {
      if (backup.getFileName().toString().contains("pre-restore")) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)))
            .isEqualTo("rw-------");
      }
    }
  }

  /** What the kernel was asked for, in its order. */
  @Test
  @Tag("fault")
  void an_intent_and_all_that_leads_to_it_is_synced_before_the_effect() throws Exception {
    var tracer = new String[] {"strace", "-f", "-y", "-qq", "-e", "trace=fsync,execve", "-o"};
    assumeTrue(traces(tracer), "strace is not here, or may not trace");
    // given
    project.runbook(
        "one",
        """
        name: one
        environment: prod
        steps:
          - id: effect
            action: exec
            with:
              argv: [touch, effect]
        """);
    var trace = folder.resolve("trace");
    // when
    project.cli().under(under(tracer, trace.toString())).run("run", "one").exits(0);
    // then
    var calls = Files.readAllLines(trace);
    var before =
        calls.stream()
            .takeWhile(call -> !call.contains("touch\", \"effect\""))
            .filter(call -> call.contains(" fsync("))
            .map(call -> call.replaceAll(".*<(.*)>.*", "$1"))
            .toList();
    assertThat(before.size()).isLessThan(calls.size());
    var intent =
        project.journal().stream().takeWhile(entry -> !entry.event().equals("started")).count() + 1;
    assertThat(before.stream().filter(project.journalFile().toRealPath().toString()::equals))
        .hasSize((int) intent);
    var run = project.runFolder().toRealPath();
    assertThat(before)
        .contains(
            folder.toRealPath().toString(),
            run.getParent().getParent().toString(),
            run.getParent().toString(),
            run.toString(),
            run.resolve("plan.json").toString(),
            run.resolve("runbook.yaml").toString(),
            run.resolve("environment.yaml").toString());
  }

  private static boolean traces(String... tracer) throws InterruptedException {
    try {
      var nothing = ProcessBuilder.Redirect.DISCARD;
      return new ProcessBuilder(under(tracer, "/dev/null", "true"))
              .redirectOutput(nothing)
              .redirectError(nothing)
              .start()
              .waitFor()
          == 0;
    } catch (IOException _) {
      return false;
    }
  }

  private static String[] under(String[] tracer, String... more) {
    return Stream.concat(Stream.of(tracer), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void what_the_run_saved_first_holds_what_was_there() {
    // given
    project.with(Format.CUSTOM);
    var before = project.state();
    project.restore().end().exits(0);
    var saved =
        project.journal().stream()
            .filter(e -> e.event().equals("finished") && e.text("step").equals("safety-backup"))
            .map(e -> e.data().path("outputs").path("file").asText())
            .findFirst()
            .orElseThrow();
    // when
    project.restore("--backup", saved).end().exits(0);
    // then
    assertThat(Databases.fingerprint(project.database())).isEqualTo(before.fingerprint());
    assertThat(project.journal().toString()).contains("source_fingerprint");
  }

  @Test
  void a_safety_backup_is_never_the_latest() {
    // given
    project.with(Format.CUSTOM);
    project.restore().end().exits(0);
    // when
    var ended = project.run("run", "restore-prod", "--dry-run").exits(0);
    // then
    assertThat(ended.out()).contains("shop.dump");
  }

  @Test
  void without_keep_old_the_old_database_is_gone_and_the_rest_as_before() {
    // given
    project.with(Format.CUSTOM);
    var before = project.state().databases().get(project.database());
    // when
    project.restore("--set", "keep_old=false").end().exits(0);
    // then
    assertThat(project.verdict()).isInstanceOf(Verdict.Same.class);
    var after = Databases.of(project.database());
    assertThat(after).containsOnlyKeys(project.database());
    assertThat(after.get(project.database()).properties()).isEqualTo(before.properties());
  }

  @Test
  void what_was_off_before_is_off_after_a_rollback() {
    // given
    project.with(Format.CUSTOM);
    project.services().down("backend");
    project.write("maintenance.flag", "");
    var before = project.state();
    project.expecting("select count(*) > 1000000 from users").restore().end().exits(1);
    // when
    project.run("rollback").exits(0);
    // then
    assertThat(project.state()).isEqualTo(before);
  }

  @Test
  void a_done_run_can_be_rolled_back_by_name() {
    // given
    project.with(Format.CUSTOM);
    var before = project.state();
    project.restore().end().exits(0);
    var run = project.runId();
    // when
    var unconfirmed = project.run("rollback", run);
    var ended = project.run("rollback", run, "--confirm", project.database());
    // then
    unconfirmed.exits(3);
    ended.exits(0);
    var after = project.state();
    assertThat(after.fingerprint()).isEqualTo(before.fingerprint());
    assertThat(after.databases().get(project.database()))
        .isEqualTo(before.databases().get(project.database()));
    assertThat(after.backend()).isTrue();
    assertThat(after.maintenance()).isFalse();
  }

  @Test
  void a_new_run_is_refused_while_another_one_is_not_over() {
    // given
    project.with(Format.CUSTOM);
    var child = project.restore();
    project.untilStarted(child, "restore", 0).kill();
    var first = project.runId();
    var databases = Databases.of(project.database());
    // when
    var ended = project.restore().end();
    // then
    ended.exits(3);
    assertThat(ended.err())
        .contains(first, "resume " + first, "rollback " + first, "abandon " + first);
    assertThat(project.runIds()).containsExactly(first);
    assertThat(Databases.of(project.database())).isEqualTo(databases);
  }

  @Test
  void an_abandoned_run_is_over_and_says_what_it_leaves() {
    // given
    project.with(Format.CUSTOM);
    var child = project.restore();
    project.untilStarted(child, "stop-backend", 0).kill();
    var run = project.runId();
    // when
    var ended = project.run("abandon", run, "--reason", "the server is replaced");
    // then
    ended.exits(0);
    assertThat(ended.out()).contains("maintenance");
    assertThat(project.run("status").exits(0).out()).contains("no run is unfinished");
    assertThat(project.run("runs").exits(0).out()).contains(run, "abandoned");
    assertThat(project.run("resume", run).exits(3).err()).contains("abandoned", "hint:");
  }

  @Test
  void sessions_in_the_database_are_shown_and_ended() throws Exception {
    // given
    project.with(Format.CUSTOM);
    try (var session = PostgresServer.shared().connect(project.database());
        var statement = session.createStatement()) {
      statement.execute("SET application_name = 'nightly report'");
      // when
      var plan = project.run("plan", "restore-prod").exits(0);
      var ended = project.restore().end();
      // then
      assertThat(plan.out()).contains("nightly report");
      ended.exits(0);
      assertThat(session.isValid(5)).isFalse();
    }
  }
}
