package pgrunbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.backup.Verdict;
import pgrunbook.testing.Cli;
import pgrunbook.testing.Databases;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.SampleBackups.Format;
import pgrunbook.testing.ServerSwitch;
import pgrunbook.testing.TestProject;

/** Steps that fail, are interrupted or lose their server, and what can be done then. */
class FailureTest {
  private static final String END = "-- PostgreSQL database dump complete";

  @TempDir Path folder;
  private TestProject project;

  @BeforeEach
  void makeProject() {
    project = TestProject.in(folder);
  }

  @AfterEach
  void dropDatabases() {
    project.dropDatabases();
    fast();
  }

  /** A good dump whose restore waits at its end, until {@link #fast}. */
  private void slowBackup() {
    project
        .with(Format.PLAIN)
        .edited(
            "backups/shop.sql",
            END + "\n",
            "SELECT pg_catalog.pg_sleep(60 * count(*)) FROM pg_catalog.pg_roles WHERE rolname = '"
                + project.database()
                + "_slow';\n\n--\n"
                + END
                + "\n");
    Databases.execute("postgres", "CREATE ROLE " + project.database() + "_slow");
  }

  private void fast() {
    Databases.execute("postgres", "DROP ROLE IF EXISTS " + project.database() + "_slow");
  }

  private Cli.Child restoring() {
    return project
        .restore()
        .until(
            "the restore's sleep",
            () ->
                !project.runIds().isEmpty()
                    && project.sessions().stream().anyMatch(it -> it.contains("pg_sleep")));
  }

  private void assertRestored() {
    assertThat(project.verdict()).isInstanceOf(Verdict.Same.class);
    assertThat(project.sessions()).isEmpty();
    assertThat(project.services().isUp("backend")).isTrue();
    assertThat(project.inMaintenance()).isFalse();
  }

  @Test
  void a_verification_that_fails_stops_the_run_and_a_rollback_gives_everything_back() {
    // given
    var before = project.with(Format.CUSTOM).state();
    project.expecting("select count(*) > 1000000 from users");
    // when
    var failed = project.restore().end();
    var rolledBack = project.run("rollback");
    // then
    failed.exits(1);
    assertThat(failed.said())
        .contains("FAILED verify", "count(*) > 1000000", "hint:", "owed: maintenance")
        .contains("resume " + project.runId(), "rollback " + project.runId());
    rolledBack.exits(0);
    assertThat(rolledBack.out()).contains("rolled back");
    assertThat(project.state()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM", "HUP"})
  void a_signal_ends_the_restore_with_all_its_processes_and_it_can_be_resumed(String signal) {
    // given
    slowBackup();
    var child = restoring();
    var processes = child.children();
    // when
    var interrupted = child.signal(signal).end();
    // then
    interrupted.exits(130);
    assertThat(interrupted.out()).contains("was interrupted", "resume " + project.runId());
    assertThat(project.has("interrupted", "restore")).isTrue();
    assertThat(project.has("failed", "restore")).isFalse();
    assertThat(processes).isNotEmpty().noneMatch(ProcessHandle::isAlive);
    assertThat(project.sessions()).isEmpty();
    // when
    fast();
    var resumed = project.run("resume");
    // then
    resumed.exits(0);
    assertRestored();
  }

  @Test
  void a_signal_during_the_safety_backup_leaves_no_half_of_it() throws SQLException {
    // given
    project.with(Format.CUSTOM);
    try (var locking = PostgresServer.shared().connect(project.database());
        var statement = locking.createStatement()) {
      locking.setAutoCommit(false);
      statement.execute("LOCK TABLE orders");
      var child = project.restore();
      child.until(
          "the backup's wait",
          () ->
              Databases.column(
                          "postgres",
                          "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                              + " AND datname = '"
                              + project.database()
                              + "'")
                      .equals(List.of("1"))
                  && project.has("started", "safety-backup"));
      // when
      child.signal("INT").end().exits(130);
    }
    // then
    assertThat(project.has("interrupted", "safety-backup")).isTrue();
    assertThat(project.sessions()).isEmpty();
    project.run("resume").exits(0);
    assertRestored();
    assertThat(project.backups().toFile().list()).noneMatch(name -> name.endsWith(".part"));
  }

  @Test
  void a_rollback_that_is_killed_can_be_begun_again() throws SQLException {
    // given
    var before = project.with(Format.CUSTOM).state();
    project.expecting("select false").restore().end().exits(1);
    var old = Databases.of(project.database()).firstKey();
    try (var locking = PostgresServer.shared().connect("postgres");
        var statement = locking.createStatement()) {
      locking.setAutoCommit(false);
      statement.execute("ALTER DATABASE " + old + " CONNECTION LIMIT 40");
      // when
      var child = project.cli().start("rollback");
      project.untilStarted(child, "recreate/undo", 0).kill();
      assertThat(project.run("status").exits(0).out()).contains("recreate/undo", "rollback");
      assertThat(project.run("resume").exits(3).err()).contains("rolled back", "hint:");
      locking.rollback();
    }
    var again = project.run("rollback");
    // then
    again.exits(0);
    assertThat(project.state()).isEqualTo(before);
    assertThat(project.sessions()).isEmpty();
  }

  @Test
  void a_step_that_takes_too_long_is_ended_and_nothing_of_it_goes_on() {
    // given
    slowBackup();
    project.edited("timeout: 2h", "timeout: 1s");
    // when
    var ended = project.restore().end();
    // then
    ended.exits(1);
    assertThat(ended.said()).contains("longer than 1", "hint:");
    assertThat(project.has("failed", "restore")).isTrue();
    assertThat(project.sessions()).isEmpty();
    // when
    fast();
    var rolledBack = project.run("rollback");
    // then
    rolledBack.exits(0);
  }

  @Test
  void a_step_is_tried_again_with_growing_pauses() {
    // given
    project.runbook(
        "flaky",
        steps(
            """
              - id: flaky
                action: exec
                with:
                  argv: [sh, -c, "echo x >> tries; test $(wc -l < tries) = 3"]
                retry: {max_attempts: 3, delay: 1s, backoff: 1.5}
            """));
    // when
    var ended = project.run("run", "flaky");
    // then
    ended.exits(0);
    assertThat(ended.out()).contains("attempt 3");
    var starts =
        project.journal().stream()
            .filter(entry -> entry.event().equals("started"))
            .map(entry -> entry.at())
            .toList();
    assertThat(starts).hasSize(3);
    assertThat(Duration.between(starts.get(0), starts.get(1)))
        .isGreaterThan(Duration.ofMillis(990));
    assertThat(Duration.between(starts.get(1), starts.get(2)))
        .isGreaterThan(Duration.ofMillis(1490));
  }

  @Test
  void a_step_that_keeps_failing_fails_after_its_last_attempt() {
    // given
    project.runbook(
        "flaky",
        steps(
            """
              - id: flaky
                action: exec
                with:
                  argv: ["false"]
                retry: {max_attempts: 2, delay: 0s}
            """));
    // when
    var ended = project.run("run", "flaky");
    // then
    ended.exits(1);
    assertThat(project.count("failed", "flaky")).isEqualTo(2);
  }

  @Test
  void a_failure_that_may_be_ignored_is_and_what_requires_the_step_is_refused() {
    // given
    project.runbook(
        "ignoring",
        steps(
            """
              - id: optional
                action: exec
                with:
                  argv: ["false"]
                on_failure: continue
              - id: next
                action: exec
                with:
                  argv: [touch, next]
              - id: last
                action: exec
                with:
                  argv: [touch, last]
                requires: [optional]
            """));
    // when
    var ended = project.run("run", "ignoring");
    // then
    ended.exits(3);
    assertThat(ended.err()).contains("step last requires optional, which is not done", "hint:");
    assertThat(folder.resolve("next")).exists();
    assertThat(folder.resolve("last")).doesNotExist();
  }

  @Test
  void a_failure_can_have_everything_rolled_back_at_once() {
    // given
    project.runbook(
        "careful",
        steps(
            """
              - id: maintenance-on
                action: maintenance.on
              - id: stop
                action: service.stop
                with:
                  services: [backend]
              - id: bad
                action: exec
                with:
                  argv: ["false"]
                on_failure: rollback
            """));
    // when
    var ended = project.run("run", "careful");
    // then
    ended.exits(1);
    assertThat(ended.out()).contains("rolled back");
    assertThat(project.inMaintenance()).isFalse();
    assertThat(project.services().isUp("backend")).isTrue();
    assertThat(project.run("runs").out()).contains("rolled_back");
  }

  @Test
  void a_target_takes_one_run_at_a_time_wherever_it_comes_from(@TempDir Path elsewhere) {
    // given
    var yaml = waiting("");
    project.write("sleep", "0");
    var other = project.beside(elsewhere).runbook("wait", yaml);
    var child = project.runbook("wait", yaml).cli().start("run", "wait");
    project.untilStarted(child, "wait", 0);
    // when
    var refused = other.run("run", "wait");
    // then
    refused.exits(3);
    assertThat(refused.err())
        .contains("another run works on " + project.database(), project.runId(), "hint:");
    assertThat(project.run("resume").exits(3).err()).contains("another process", "hint:");
    project.write("go", "");
    child.end().exits(0);
  }

  @Test
  void a_lost_lock_is_taken_again_and_what_was_established_is_checked_again() {
    // given
    project.runbook(
        "wait",
        waiting(
            """
              - id: stop
                action: service.stop
                with:
                  services: [backend]
            """));
    var child = project.cli().start("run", "wait");
    project.untilStarted(child, "wait", 0);
    // when
    Databases.column(
        "postgres",
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            + " WHERE application_name LIKE 'pgrunbook-lock/%'");
    project.services().up("backend");
    project.write("sleep", "3"); // whoever keeps the lock asks every two seconds
    project.write("go", "");
    var ended = child.end();
    // then
    ended.exits(0);
    assertThat(project.journal()).anyMatch(entry -> entry.event().equals("lock"));
    assertThat(project.has("again", "stop")).isTrue();
    assertThat(project.services().calls())
        .containsExactly("stop backend", "stop backend", "start backend");
  }

  @Test
  void a_resumed_run_takes_away_again_what_somebody_gave_back() {
    // given
    project.with(Format.CUSTOM);
    project.untilStarted(project.restore(), "restore", 0).kill();
    project.services().up("backend");
    // when
    var ended = project.run("resume");
    // then
    ended.exits(0);
    assertThat(ended.out()).contains("stop-backend does not hold any more");
    assertThat(project.services().calls())
        .containsExactly("stop backend", "stop backend", "start backend");
    assertRestored();
  }

  @Test
  void a_server_that_stops_in_a_step_is_said_so_and_the_run_goes_on_later() {
    // given
    slowBackup();
    var server = ServerSwitch.find();
    var child = restoring();
    Cli.Ended stopped;
    Cli.Ended status;
    Cli.Ended tooEarly;
    // when
    server.off();
    try {
      stopped = child.end();
      status = project.run("status");
      tooEarly = project.run("resume");
    } finally {
      server.on();
    }
    fast();
    // then
    assertThat(stopped.exit()).isIn(1, 3);
    assertThat(stopped.said())
        .contains("FAILED restore", "what now:", "terminating connection")
        .doesNotContain("an error of pgrunbook itself");
    assertThat(status.exits(0).out())
        .contains("restore", "owed: maintenance", Databases.of(project.database()).firstKey())
        .doesNotContain("‹");
    tooEarly.exits(3);
    assertThat(tooEarly.err()).contains("127.0.0.1", "hint:");
    project.run("resume").exits(0);
    assertRestored();
  }

  @Test
  void a_backup_that_changes_during_the_run_is_not_restored() throws IOException {
    // given
    var before = project.with(Format.PLAIN).state();
    project.edited(
        "  - id: restore\n",
        """
          - id: meddle
            action: exec
            with:
              argv: [sh, -c, "sed -i s/overwritten/OVERWRITTEN/\\\\;s/user7@/user8@/ backups/shop.sql"]
          - id: restore
        """);
    // when
    var ended = project.restore().end();
    // then
    assertThat(ended.exit()).as(ended.said()).isIn(1, 3);
    assertThat(ended.err()).contains("hint:");
    assertThat(Files.readString(project.backup(Format.PLAIN))).doesNotContain("user7@");
    project.run("rollback").exits(0);
    assertThat(project.state()).isEqualTo(before);
  }

  private static String steps(String steps) {
    return "name: %s\nenvironment: prod\nsteps:\n" + steps;
  }

  /** Stays in its step wait until there is a file named go. */
  private static String waiting(String first) {
    return steps(
            first
                + """
                  - id: wait
                    action: exec
                    with:
                      argv: [sh, -c, "while [ ! -e go ]; do sleep 0.05; done; sleep $(cat sleep)"]
                """)
        + (first.isEmpty()
            ? ""
            : """
              - id: start
                action: service.start
                with:
                  services: [backend]
            """);
  }
}
