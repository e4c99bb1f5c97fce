package pgrunbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.testing.Databases;
import pgrunbook.testing.SampleBackups.Format;
import pgrunbook.testing.TestProject;

/** What keeps a run from the wrong database, and from what another run is about to do. */
class GuardTest {
  private static final String FAILING =
      """
      name: failing
      description: stops before it has replaced anything
      environment: prod
      steps:
        - id: one
          action: exec
          with:
            argv: ["true"]
        - id: two
          action: exec
          with:
            argv: ["test", "-e", "go"]
        - id: three
          action: exec
          with:
            argv: ["touch", "three-${target.database}"]
      """;

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

  @Test
  void a_run_is_not_resumed_on_another_database_that_the_environment_names_meanwhile() {
    // given
    project.runbook("failing", FAILING).run("run", "failing").exits(1);
    Databases.execute("postgres", "CREATE DATABASE " + project.database() + "_other");
    project.edited(".env", "=" + project.database(), "=" + project.database() + "_other");
    project.write("go", "");
    // when
    var resumed = project.run("resume").exits(3);
    var undone = project.run("rollback").exits(3);
    // then
    assertThat(resumed.err())
        .contains(project.database() + "_other, the run is for " + project.database(), "hint:");
    assertThat(undone.err()).contains("the run is for " + project.database());
    assertThat(folder.resolve("three-" + project.database() + "_other")).doesNotExist();
    Databases.execute("postgres", "DROP DATABASE " + project.database() + "_other");
  }

  @Test
  void a_run_that_is_not_over_keeps_others_out_and_one_that_was_refused_leaves_nothing() {
    // given
    project.runbook("failing", FAILING).run("run", "failing").exits(1);
    var before = project.runIds();
    // when
    var refused = project.run("run", "failing").exits(3);
    // then
    assertThat(refused.err()).contains("is not over", "resume", "rollback", "abandon");
    assertThat(project.runIds()).isEqualTo(before);
  }

  @Test
  void a_step_that_the_plan_has_skipped_is_not_run_by_a_later_process() {
    // given
    project.runbook(
        "failing",
        FAILING.replace(
            "  - id: three\n", "  - id: three\n    when: (env.DANGER ?? 'no') == 'yes'\n"));
    project.run("run", "failing").exits(1);
    project.edited(".env", "POSTGRES_DB", "DANGER=yes\nPOSTGRES_DB");
    project.write("go", "");
    // when
    project.run("resume").exits(0);
    // then
    assertThat(folder.resolve("three-" + project.database())).doesNotExist();
  }

  @Test
  void what_an_abandoned_run_has_left_is_said_until_a_later_run_has_made_up_for_it() {
    // given
    var run =
        project
            .runbook(
                "failing",
                FAILING.replace(
                    "action: exec\n    with:\n      argv: [\"true\"]", "action: maintenance.on"))
            .run("run", "failing")
            .exits(1);
    assertThat(run.out()).contains("owed: maintenance mode is on");
    // when
    project.run("abandon", project.runId(), "--reason", "by hand").exits(0);
    // then
    assertThat(project.run("status").exits(0).out()).contains("has left: maintenance mode is on");
    // and when
    project.with(Format.CUSTOM).restore().end().exits(0);
    // then
    assertThat(project.run("status").exits(0).out()).contains("nothing is owed");
  }
}
