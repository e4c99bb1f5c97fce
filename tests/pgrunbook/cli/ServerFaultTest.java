package pgrunbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.backup.Verdict;
import pgrunbook.testing.Cli;
import pgrunbook.testing.Databases;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.SampleBackups.Format;
import pgrunbook.testing.ServerProxy;
import pgrunbook.testing.ServerSwitch;
import pgrunbook.testing.TestProject;
import pgrunbook.testing.TestProject.State;

/** The server, or the way to it, is taken from a run; or the run itself is halted for a while. */
@Tag("fault")
class ServerFaultTest {
  private static final String END = "-- PostgreSQL database dump complete";

  @TempDir Path folder;
  private TestProject project;
  private State before;

  /** A good dump whose restore waits at its end, until {@link #goOn}. */
  @BeforeEach
  void makeProject() {
    project = TestProject.in(folder).with(Format.PLAIN);
    before = project.state();
    Databases.execute("postgres", "CREATE ROLE " + waits());
    project.edited(
        "backups/shop.sql",
        END + "\n",
        "DO $$ BEGIN WHILE EXISTS (SELECT FROM pg_roles WHERE rolname = '"
            + waits()
            + "') LOOP PERFORM pg_sleep(0.1); END LOOP; END $$;"
            + "\n\n--\n"
            + END
            + "\n");
  }

  @AfterEach
  void dropDatabases() {
    goOn();
    project.dropDatabases();
  }

  private String waits() {
    return project.database() + "_waits";
  }

  private void goOn() {
    Databases.execute("postgres", "DROP ROLE IF EXISTS " + waits());
  }

  private Cli.Child restoring() {
    return project
        .restore()
        .until(
            "the restore to wait",
            () ->
                !project.runIds().isEmpty()
                    && project.sessions().stream().anyMatch(it -> it.contains(waits())));
  }

  private void assertRestored() {
    assertThat(project.verdict()).isInstanceOf(Verdict.Same.class);
    assertThat(Databases.of(project.database())).hasSize(2);
    assertThat(project.sessions()).isEmpty();
    assertThat(project.services().isUp("backend")).isTrue();
    assertThat(project.inMaintenance()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"immediate", "fast"})
  void a_server_that_is_started_anew_in_a_restore_fails_it_and_the_run_goes_on_or_back(
      String mode) {
    // given
    var child = restoring();
    // when
    var server = ServerSwitch.find();
    server.off(mode);
    server.on();
    var ended = child.end();
    // then
    assertThat(ended.exit()).as(ended.said()).isIn(1, 3);
    assertThat(ended.said())
        .contains("FAILED restore", "connection", "hint:", "resume " + project.runId())
        .doesNotContain("an error of pgrunbook itself");
    assertThat(project.services().isUp("backend")).isFalse();
    // and when
    goOn();
    if (mode.equals("fast")) {
      project.run("rollback").exits(0);
      assertThat(project.state()).isEqualTo(before);
    } else {
      project.run("resume").exits(0);
      assertRestored();
    }
  }

  @Test
  void a_server_whose_connections_are_all_taken_by_others_fails_the_step_and_is_waited_for()
      throws SQLException {
    // given
    project.edited(
        "  - id: restore\n",
        """
          - id: wait
            action: exec
            with:
              argv: [sh, -c, "while [ ! -e go ]; do sleep 0.05; done"]
          - id: restore
        """);
    goOn();
    var child = project.restore();
    project.untilStarted(child, "wait", 0);
    List<Connection> others = new ArrayList<>();
    Cli.Ended ended;
    Cli.Ended tooEarly;
    // when
    try {
      takeAll(others);
      project.write("go", "");
      ended = child.end();
      takeAll(others); // those that the run had, too
      tooEarly = project.run("resume");
    } finally {
      for (var other : others) {
        other.close();
      }
    }
    // then
    assertThat(ended.exit()).as(ended.said()).isIn(1, 3);
    assertThat(ended.said()).contains("too many clients already", "hint:", "owed: maintenance");
    assertThat(tooEarly.exits(3).err())
        .contains("too many clients already", "hint: end idle sessions, or raise max_connections");
    project.run("resume").exits(0);
    assertRestored();
  }

  private static void takeAll(List<Connection> taken) {
    try {
      while (true) {
        taken.add(PostgresServer.shared().connect("postgres"));
      }
    } catch (SQLException e) {
      assertThat(e.getSQLState()).isEqualTo("53300");
    }
  }

  private ServerProxy behindProxy() {
    var proxy = ServerProxy.start();
    var port = "POSTGRES_PORT=" + PostgresServer.shared().port();
    project.edited(".env", port, "POSTGRES_PORT=" + proxy.port());
    return proxy;
  }

  @Test
  void a_network_that_is_cut_for_a_while_costs_nothing_and_the_lock_is_kept() throws Exception {
    // given
    try (var proxy = behindProxy()) {
      var child = restoring();
      // when
      proxy.cut();
      Thread.sleep(30_000);
      goOn();
      proxy.mend();
      child.end().exits(0);
    }
    // then
    assertThat(project.journal()).noneMatch(entry -> entry.event().equals("lock"));
    assertRestored();
  }

  @Test
  void connections_that_are_reset_fail_the_restore_which_is_resumed() {
    // given
    try (var proxy = behindProxy()) {
      var child = restoring();
      // when
      proxy.reset();
      var ended = child.end();
      // then
      ended.exits(1);
      assertThat(ended.said()).contains("FAILED restore", "hint:", "resume " + project.runId());
      goOn();
      project.run("resume").exits(0);
    }
    assertRestored();
  }

  @Test
  void a_lock_that_only_the_server_believes_in_is_taken_back_by_its_own_run() {
    // given: the server does not hear that the engine is no more
    try (var proxy = behindProxy()) {
      restoring().until("a cut", () -> cut(proxy)).kill();
      assertThat(Databases.sessions("pgrunbook-lock/" + project.runId())).isNotEmpty();
      // when
      goOn();
      project.edited(
          ".env",
          "POSTGRES_PORT=" + proxy.port(),
          "POSTGRES_PORT=" + PostgresServer.shared().port());
      project.run("resume").exits(0);
    }
    // then
    assertRestored();
    assertThat(Databases.sessions("pgrunbook-lock/")).isEmpty();
  }

  private static boolean cut(ServerProxy proxy) {
    proxy.cut();
    return true;
  }

  @Test
  void an_engine_that_was_halted_does_nothing_more_where_somebody_else_has_taken_over(
      @TempDir Path elsewhere) throws SQLException {
    // given
    var other =
        project
            .beside(elsewhere)
            .runbook(
                "wait",
                """
                name: %s
                environment: prod
                steps:
                  - id: wait
                    action: exec
                    with:
                      argv: [sh, -c, "while [ ! -e go ]; do sleep 0.05; done"]
                """);
    var halted = restoring();
    halted.signal("STOP");
    // when: as long as it has its lock
    assertThat(project.run("resume").exits(3).err()).contains("another process", "hint:");
    assertThat(project.run("run", "restore-prod", "--confirm", project.database()).exits(3).err())
        .contains("is not over", "hint:");
    assertThat(other.run("run", "wait").exits(3).err())
        .contains("another run works on " + project.database(), project.runId());
    // and when: a time-out has taken its lock
    Databases.column(
        "postgres",
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            + " WHERE application_name LIKE 'pgrunbook-lock/%'");
    var second = other.cli().start("run", "wait");
    other.untilStarted(second, "wait", 0);
    // then: nothing of it is at work while the other one is
    assertThat(second.said()).contains("session(s) that a run without a lock had left");
    assertThat(project.sessions()).noneMatch(it -> it.contains(waits()));
    // and when
    halted.signal("CONT");
    var ended = halted.end();
    // then
    assertThat(ended.exit()).as(ended.said()).isIn(1, 3);
    assertThat(ended.said()).contains("resume " + project.runId());
    assertThat(project.has("started", "verify")).isFalse();
    assertThat(project.run("resume").exits(3).err()).contains("another run works on");
    // and when
    other.write("go", "");
    second.end().exits(0);
    goOn();
    project.run("resume").exits(0);
    assertRestored();
  }
}
