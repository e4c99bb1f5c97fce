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
  void sql_reaches_the_environments_database_only_where_the_plan_says_so() {
    // given
    Databases.execute(project.database(), "CREATE TABLE precious (n int)");
    project.runbook(
        "by-detour",
        """
        name: by-detour
        description: gets the name of the database from a program
        environment: prod
        steps:
          - id: which
            action: exec
            with:
              argv: [echo, -n, "${target.database}"]
              output: text
          - id: drop
            action: sql
            with:
              text: DROP TABLE precious
              database: ${steps.which.stdout}
              no_way_back: it is a copy
        """);
    // when
    var ended = project.run("run", "by-detour", "--confirm", project.database()).exits(3);
    // then
    assertThat(ended.err()).contains("'database' turns out to be " + project.database());
    assertThat(Databases.column(project.database(), "SELECT count(*) FROM precious"))
        .containsExactly("0");
  }

  @Test
  void sql_without_a_transaction_is_not_begun_again_while_some_of_it_stays() {
    // given
    Databases.execute(
        project.database(), "CREATE TABLE counted (n int); INSERT INTO counted VALUES (0)");
    project.runbook(
        "counting",
        """
        name: counting
        description: counts before it fails
        environment: prod
        steps:
          - id: count
            action: sql
            retry: {max_attempts: 3, delay: 1ms}
            with:
              text: UPDATE counted SET n = n + 10; SELECT 1 / 0
              transaction: false
              no_way_back: it is a test
        """);
    // when
    var ended = project.run("run", "counting", "--confirm", project.database()).exits(4);
    var resumed = project.run("resume").exits(4);
    // then
    assertThat(ended.said()).contains("statement 2 of 2 failed, and what came before it stays");
    assertThat(resumed.said()).contains("nobody can tell how step count ended");
    assertThat(Databases.column(project.database(), "SELECT n FROM counted")).containsExactly("10");
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
  void a_run_goes_on_with_the_params_that_it_began_with() {
    // given
    var runbook =
        FAILING
            .replace(
                "steps:", "params:\n  word: {default: usual}\n  other: {default: usual}\nsteps:")
            .replace("three-${target.database}", "three-${params.other}");
    var secret = "a" + TestProject.PASSWORD + "z";
    project.runbook("failing", runbook);
    project.run("run", "failing", "--set", "word=" + secret, "--set", "other=first").exits(1);
    var journal = project.journalFile();
    project.write("go", "");
    // when
    var changed = project.run("resume", "--set", "word=" + secret, "--set", "other=next").exits(3);
    var left = project.run("resume").exits(3);
    // then
    assertThat(changed.err()).contains("param 'other' is another one", "with, 'first'");
    assertThat(left.err()).contains("param 'word' is another one", "give the same again");
    assertThat(journal)
        .content()
        .contains("\"other\":\"first\"")
        .doesNotContain(TestProject.PASSWORD);
    // and when
    project.run("resume", "--set", "word=" + secret, "--set", "other=first").exits(0);
    // then
    assertThat(folder.resolve("three-first")).exists();
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
