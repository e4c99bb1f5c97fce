package pgrunbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.testing.Cli;
import pgrunbook.testing.Databases;
import pgrunbook.testing.Folders;
import pgrunbook.testing.SampleBackups.Format;
import pgrunbook.testing.TestProject;

/** Looking changes nothing, shows what a run would do, and what was approved is what is run. */
class DryRunTest {
  private static final String RUNS = ".pgrunbook";

  @TempDir Path folder;
  private TestProject project;

  @BeforeEach
  void makeProject() {
    project = TestProject.in(folder).with(Format.CUSTOM);
  }

  @AfterEach
  void dropDatabases() {
    project.dropDatabases();
  }

  @Test
  void a_dry_run_shows_the_plan_and_changes_nothing() {
    // given
    var databases = Databases.all();
    var state = project.state();
    var files = Folders.content(folder);
    // when
    var ended = project.run("run", "restore-prod", "--dry-run").exits(0);
    // then
    assertThat(ended.out())
        .contains("system identifier " + systemIdentifier())
        .contains("PostgreSQL ")
        .contains("will be lost")
        .contains("shop.dump")
        .contains("destructive", "mutating", "read only")
        .contains("ALTER DATABASE \"" + project.database() + "\" RENAME TO ")
        .contains("pg_restore")
        .contains("‹steps.recreate.database›")
        .contains("touch", "./service.sh stop backend");
    assertThat(ended.said()).doesNotContain(TestProject.PASSWORD);
    assertThat(Databases.all()).isEqualTo(databases);
    assertThat(project.state()).isEqualTo(state);
    assertThat(Folders.content(folder, RUNS)).isEqualTo(files);
  }

  @Test
  void the_plan_as_json_names_every_step_with_its_effect_and_hides_the_password()
      throws IOException {
    // when
    var ended = project.run("run", "restore-prod", "--dry-run", "--output", "json").exits(0);
    // then
    var plan = new ObjectMapper().readTree(ended.out());
    assertThat(plan.path("steps").valueStream().map(step -> step.path("id").asText()))
        .containsExactly(
            "check-backup",
            "maintenance-on",
            "stop-backend",
            "safety-backup",
            "recreate",
            "restore",
            "verify",
            "publish",
            "start-backend",
            "maintenance-off");
    assertThat(plan.path("steps").valueStream().map(step -> step.path("effect").asText()))
        .startsWith("read_only", "mutating")
        .contains("destructive");
    assertThat(plan.path("target").path("system_identifier").asText())
        .isEqualTo(systemIdentifier());
    assertThat(plan.path("digest").asText()).isNotEmpty();
    assertThat(plan.path("problems")).isEmpty();
    assertThat(ended.said()).doesNotContain(TestProject.PASSWORD);
  }

  @Test
  void plan_says_the_same_as_a_dry_run_and_the_digest_stays() {
    // when
    var plan = project.run("plan", "restore-prod").exits(0);
    var dryRun = project.run("run", "restore-prod", "--dry-run").exits(0);
    // then
    assertThat(digest(plan)).isEqualTo(digest(dryRun));
  }

  private static String digest(Cli.Ended ended) {
    return ended.out().lines().findFirst().orElseThrow();
  }

  @Test
  void the_project_can_be_named_from_anywhere() {
    // when
    var ended =
        new Cli(Path.of("/"))
            .run("run", "restore-prod", "--dry-run", "-C", project.folder().toString());
    var asInGit =
        new Cli(Path.of("/")).run("-C", project.folder().toString(), "migration", "history");
    // then
    ended.exits(0);
    assertThat(asInGit.exits(0).out()).startsWith("no history");
  }

  @Test
  void what_is_protected_is_not_replaced_without_its_name() {
    // given
    var databases = Databases.all();
    var state = project.state();
    var files = Folders.content(folder);
    // when
    var ended = project.run("run", "restore-prod");
    // then
    ended.exits(3);
    assertThat(ended.err()).contains("hint:", "--confirm " + project.database());
    assertThat(Databases.all()).isEqualTo(databases);
    assertThat(project.state()).isEqualTo(state);
    assertThat(Folders.content(folder, RUNS)).isEqualTo(files);
    assertThat(project.runIds()).isEmpty();
  }

  @Test
  void another_name_is_no_confirmation() {
    // given
    var state = project.state();
    // when
    var ended = project.run("run", "restore-prod", "--confirm", project.database() + "x");
    // then
    ended.exits(3);
    assertThat(ended.err()).contains("'" + project.database() + "x' is not the name", "hint:");
    assertThat(project.state()).isEqualTo(state);
    assertThat(project.runIds()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"runbook", "environment", "backup", "database", "other backup"})
  void an_approved_plan_is_refused_once_something_has_changed(String what) throws IOException {
    // given
    project.run("plan", "restore-prod", "--out", "plan.json").exits(0);
    // when
    change(what);
    var state = project.state();
    var ended =
        project.run("run", "restore-prod", "--plan", "plan.json", "--confirm", project.database());
    // then
    ended.exits(3);
    assertThat(ended.err())
        .contains("changed since plan.json was saved")
        .contains(what.endsWith("backup") ? "check-backup" : what)
        .contains("hint:");
    assertThat(project.state()).isEqualTo(state);
    assertThat(project.runIds()).isEmpty();
  }

  private void change(String what) throws IOException {
    switch (what) {
      case "runbook" -> project.edited("timeout: 2h", "timeout: 3h");
      case "environment" ->
          Files.writeString(
              folder.resolve("runbooks/environments/prod.yaml"),
              "# reviewed\n",
              StandardOpenOption.APPEND);
      case "backup" -> rewritten();
      case "other backup" -> {
        var newer =
            Folders.copy(project.backup(Format.CUSTOM), project.backups().resolve("z.dump"));
        Files.setLastModifiedTime(
            newer,
            java.nio.file.attribute.FileTime.from(
                java.time.Instant.now().plus(java.time.Duration.ofSeconds(5))));
      }
      default -> recreated();
    }
  }

  /** Another good dump under the same name. */
  private void rewritten() {
    try {
      var file = project.backup(Format.CUSTOM);
      Files.delete(file);
      pgrunbook.testing.PostgresServer.shared()
          .run("pg_dump", "-Fc", "-f", file.toString(), project.database())
          .ok();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void recreated() {
    var name = project.database();
    Databases.execute("postgres", "ALTER DATABASE " + name + " RENAME TO " + name + "_moved");
    Databases.execute("postgres", "CREATE DATABASE " + name + " TEMPLATE " + name + "_moved");
  }

  @Test
  void an_approved_plan_is_run_as_long_as_nothing_has_changed() {
    // given
    project.run("plan", "restore-prod", "--out", "plan.json").exits(0);
    // when
    var ended =
        project.run("run", "restore-prod", "--plan", "plan.json", "--confirm", project.database());
    // then
    ended.exits(0);
  }

  @Test
  void another_cluster_than_the_named_one_is_refused() {
    // given
    project.edited(
        "runbooks/environments/prod.yaml",
        "backups:",
        "system_identifier: \"7000000000000000001\"\nbackups:");
    // when
    var ended = project.run("run", "restore-prod", "--dry-run");
    // then
    ended.exits(3);
    assertThat(ended.err()).contains("another cluster", systemIdentifier(), "hint:");
  }

  @Test
  void a_server_that_does_not_answer_is_said_so() {
    // given
    project.edited(".env", "POSTGRES_HOST=127.0.0.1", "POSTGRES_HOST=127.0.0.1 # none\nX=1");
    project.edited(
        ".env",
        "POSTGRES_PORT=" + pgrunbook.testing.PostgresServer.shared().port(),
        "POSTGRES_PORT=1");
    // when
    var ended = project.run("run", "restore-prod", "--dry-run");
    // then
    ended.exits(3);
    assertThat(ended.err()).contains("127.0.0.1").contains("hint:").doesNotContain("Exception");
  }

  @Test
  void a_wrong_password_is_said_and_not_shown() {
    // given
    project.edited(".env", TestProject.PASSWORD, "wr0ng-" + TestProject.PASSWORD);
    // when
    var ended = project.run("run", "restore-prod", "--dry-run");
    // then
    ended.exits(3);
    assertThat(ended.err()).contains("password").contains("hint:");
    assertThat(ended.said()).doesNotContain(TestProject.PASSWORD);
  }

  private static String systemIdentifier() {
    return Databases.column("postgres", "SELECT system_identifier FROM pg_control_system()")
        .getFirst();
  }

  /** Whether a file holds the password, whatever else it holds. */
  static boolean holdsPassword(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
          .contains(TestProject.PASSWORD);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
