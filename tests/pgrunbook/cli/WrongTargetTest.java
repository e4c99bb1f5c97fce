package pgrunbook.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.action.Registry;
import pgrunbook.actions.Actions;
import pgrunbook.testing.Cli;
import pgrunbook.testing.Databases;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.SampleBackups.Format;
import pgrunbook.testing.ServerSwitch;
import pgrunbook.testing.TestProject;

/**
 * The same names lead to another database: with a second cluster that has databases and roles of
 * the same names.
 */
@Tag("fault")
class WrongTargetTest {
  private static final String ENVIRONMENTS = "runbooks/environments/";

  /** Waits in its first step; what its second one writes tells where it was. */
  private static final String WAITING =
      """
      name: wait
      environment: prod
      steps:
        - id: maintenance-on
          action: maintenance.on
        - id: wait
          action: exec
          with:
            argv: [sh, -c, "while [ ! -e go ]; do sleep 0.05; done"]
            repeatable: true
        - id: write
          action: sql
          with:
            text: CREATE TABLE was_here (n int)
            no_way_back: it is a test
        - id: maintenance-off
          action: maintenance.off
      """;

  private static PostgresServer other;

  @TempDir Path folder;
  private TestProject project;

  @BeforeAll
  static void startTheOther() throws SQLException {
    other = PostgresServer.another();
    other.execute("postgres", "CREATE ROLE shop_operator SUPERUSER LOGIN");
  }

  @AfterAll
  static void stopTheOther() {
    other.stop();
  }

  @BeforeEach
  void makeProject() throws SQLException {
    project = TestProject.in(folder).runbook("wait", WAITING);
    other.execute("postgres", "CREATE DATABASE " + project.database());
  }

  @AfterEach
  void dropDatabases() {
    project.dropDatabases();
  }

  record Said(int exit, String text) {}

  private Said say(String... arguments) {
    return say(folder, arguments);
  }

  /** The program in this process, for that project. */
  static Said say(Path folder, String... arguments) {
    var bytes = new ByteArrayOutputStream();
    var signals = Signals.listen();
    signals.ended();
    var out = new Screen(bytes);
    var context =
        new Context(
            new Registry(Actions.all()), out, out, false, signals, UnaryOperator.identity());
    var line = new java.util.ArrayList<>(java.util.List.of(arguments));
    line.addAll(java.util.List.of("-C", folder.toString()));
    var exit = new Main(context).execute(line.toArray(String[]::new));
    return new Said(exit, bytes.toString(StandardCharsets.UTF_8));
  }

  private boolean wasHere(PostgresServer server) throws SQLException {
    try (var connection = server.connect(project.database());
        var rows = connection.getMetaData().getTables(null, null, "was_here", null)) {
      return rows.next();
    }
  }

  private Cli.Child waiting() {
    var child = project.cli().start("run", "wait", "--confirm", project.database());
    return project.untilStarted(child, "wait", 0);
  }

  private void pointToTheOther() {
    project.edited(".env", "PORT=" + PostgresServer.shared().port(), "PORT=" + other.port());
  }

  private void pointBack() {
    project.edited(".env", "PORT=" + other.port(), "PORT=" + PostgresServer.shared().port());
  }

  private void addDev() throws IOException {
    project.write(
        ENVIRONMENTS + "dev.yaml",
        Files.readString(folder.resolve(ENVIRONMENTS + "prod.yaml"))
            .replace("name: prod", "name: dev\nenv_file: .env.dev")
            .replace("env_file: .env\n", "")
            .replace("protected: true", "protected: false"));
    project.write(
        ".env.dev", Files.readString(folder.resolve(".env")).replace("=127.0.0.1", "=localhost"));
  }

  @Test
  void dev_that_is_really_prod_is_refused_before_anything() throws IOException {
    // given
    project.with(Format.CUSTOM).edited("environment: prod", "environment: dev");
    project.runbook("refresh-dev", Files.readString(Path.of("runbooks/refresh-dev.yaml")));
    addDev();
    var before = project.state();
    // when
    for (var runbook : new String[] {"restore-prod", "refresh-dev"}) {
      var refused = say("run", runbook);
      // then
      assertThat(refused.exit()).isEqualTo(3);
      assertThat(refused.text())
          .contains("environment dev is the database of prod, which is protected: oid ")
          .contains("hint: correct what dev gets from .env", "--env prod");
    }
    assertThat(project.state()).isEqualTo(before);
    assertThat(project.services().calls()).isEmpty();
    assertThat(project.runIds()).isEmpty();
    // and the doctor finds it, too
    assertThat(say("doctor", "--env", "dev").text())
        .contains("TROUBLE  environment dev is the database of prod");
  }

  @Test
  void dev_that_can_not_be_compared_with_prod_is_planned_and_the_doubt_is_said()
      throws IOException {
    // given
    project.with(Format.CUSTOM);
    addDev();
    project.edited(".env.dev", "=localhost", "=127.0.0.1");
    project.edited(".env", "HOST=127.0.0.1", "HOST=127.0.0.9");
    project.edited(".env", "PORT=" + PostgresServer.shared().port(), "PORT=1");
    // when
    var planned = say("plan", "restore-prod", "--env", "dev");
    // then
    assertThat(planned.exit()).as(planned.text()).isZero();
    assertThat(planned.text())
        .contains("note: could not check whether dev is the database of prod: cannot connect");
    // and where prod takes one cluster only, which is not this, nobody has to ask it
    project.edited(
        ENVIRONMENTS + "prod.yaml",
        "backups:",
        "system_identifier: \"7000000000000000001\"\nbackups:");
    assertThat(say("plan", "restore-prod", "--env", "dev").text()).doesNotContain("could not");
  }

  @Test
  void a_env_that_leads_elsewhere_since_the_plan_is_refused() throws SQLException {
    // given
    assertThat(say("plan", "wait", "--out", "plan.json").exit()).isZero();
    pointToTheOther();
    project.write("go", "");
    // when
    var refused = say("run", "wait", "--plan", "plan.json", "--confirm", project.database());
    // then
    assertThat(refused.exit()).isEqualTo(3);
    assertThat(refused.text())
        .contains("changed since plan.json was saved: system identifier was ", "hint:");
    assertThat(wasHere(other)).isFalse();
    assertThat(project.runIds()).isEmpty();
  }

  @Test
  void a_env_that_changes_between_two_steps_leads_no_step_elsewhere() throws SQLException {
    // given
    var child = waiting();
    // when
    pointToTheOther();
    project.write("go", "");
    // then
    child.end().exits(0);
    assertThat(wasHere(PostgresServer.shared())).isTrue();
    assertThat(wasHere(other)).isFalse();
    assertThat(project.inMaintenance()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"another cluster", "another flag", "another service"})
  void a_env_that_changed_since_the_run_keeps_it_from_going_on(String what) throws SQLException {
    // given
    project
        .edited(ENVIRONMENTS + "prod.yaml", "flag_file: maintenance.flag", "flag_file: ${env.FLAG}")
        .edited(ENVIRONMENTS + "prod.yaml", "stop, backend]", "stop, \"${env.SERVICE}\"]")
        .edited(".env", "POSTGRES_DB", "FLAG=maintenance.flag\nSERVICE=backend\nPOSTGRES_DB");
    waiting().kill();
    project.write("go", "");
    switch (what) {
      case "another cluster" -> pointToTheOther();
      case "another flag" -> project.edited(".env", "maintenance.flag", "important");
      default -> project.edited(".env", "=backend", "=frontend");
    }
    project.write("important", "this is no flag");
    // when
    var resumed = say("resume");
    var undone = say("rollback");
    // then
    assertThat(resumed.exit()).as(resumed.text()).isEqualTo(3);
    assertThat(undone.exit()).as(undone.text()).isEqualTo(3);
    assertThat(resumed.text() + undone.text())
        .contains(what.endsWith("cluster") ? "this is another cluster" : "are other ones than when")
        .contains("hint:");
    assertThat(folder.resolve("important")).exists();
    assertThat(project.inMaintenance()).isTrue();
    assertThat(wasHere(other)).isFalse();
    // and when
    switch (what) {
      case "another cluster" -> pointBack();
      case "another flag" -> project.edited(".env", "important", "maintenance.flag");
      default -> project.edited(".env", "=frontend", "=backend");
    }
    // then
    assertThat(say("resume").exit()).isZero();
    assertThat(project.inMaintenance()).isFalse();
  }

  @Test
  void another_cluster_on_the_same_port_ends_the_run_and_takes_no_resume_and_no_rollback()
      throws Exception {
    // given
    var port = other.port();
    var child = waiting();
    var own = ServerSwitch.find();
    Cli.Ended ended;
    Said resumed;
    Said undone;
    // when
    own.off();
    try {
      other.moveTo(PostgresServer.shared().port());
      project.write("go", "");
      ended = child.end();
      resumed = say("resume");
      undone = say("rollback");
      assertThat(wasHere(other)).isFalse();
    } finally {
      other.moveTo(port);
      own.on();
    }
    // then
    ended.exits(3);
    for (var said : new String[] {ended.said(), resumed.text(), undone.text()}) {
      assertThat(said).contains("another cluster", "system identifier ", "hint:");
    }
    assertThat(resumed.exit()).isEqualTo(3);
    assertThat(undone.exit()).isEqualTo(3);
    assertThat(project.inMaintenance()).isTrue();
    assertThat(say("status").text()).contains("owed: maintenance mode is on");
    // and when the right one is there again
    var last = say("resume");
    // then
    assertThat(last.exit()).as(last.text()).isZero();
    assertThat(wasHere(PostgresServer.shared())).isTrue();
    assertThat(project.inMaintenance()).isFalse();
  }

  @Test
  void a_second_run_by_another_user_another_role_and_another_address_is_refused(
      @TempDir Path elsewhere) throws Exception {
    assumeThat(System.getProperty("user.name"))
        .as("only root can be somebody else")
        .isEqualTo("root");
    // given
    var role = project.database() + "_admin";
    Databases.execute("postgres", "CREATE ROLE " + role + " LOGIN");
    var second =
        project
            .beside(elsewhere)
            .runbook("wait", WAITING.replaceAll("(?s)  - id: write.*?(?=  - id: main)", ""));
    second
        .edited(".env", "HOST=127.0.0.1", "HOST=localhost")
        .edited(".env", "USER=shop_operator", "USER=" + role);
    new ProcessBuilder("chown", "-R", "postgres", elsewhere.toString()).start().waitFor();
    project.edited(".env", "USER=shop_operator", "USER=" + role); // who may see since when
    var child = waitingUnprivileged();
    // when
    var refused = second.cli().as("postgres").run("run", "wait");
    // then
    project.write("go", "");
    child.end();
    Databases.execute("postgres", "DROP ROLE " + role);
    refused.exits(3);
    assertThat(refused.err())
        .contains("another run works on " + project.database())
        .contains(project.runId() + " of root@", ", since 20", "as " + role, "hint: wait for it");
  }

  private Cli.Child waitingUnprivileged() {
    project.runbook("wait", WAITING.replaceAll("(?s)  - id: write.*?(?=  - id: main)", ""));
    return waiting();
  }
}
