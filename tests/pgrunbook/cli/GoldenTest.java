package pgrunbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.action.Registry;
import pgrunbook.actions.Actions;
import pgrunbook.testing.Folders;
import pgrunbook.testing.SampleBackups.Format;
import pgrunbook.testing.TestProject;

/** What users see: help, problems, plans, status; compared with the files in tests/golden. */
class GoldenTest {
  private static final int COLUMNS = 80;

  @TempDir Path folder;

  /** The exit code and both streams. */
  private record Said(int exit, String text) {}

  private static Said say(String... arguments) {
    var bytes = new ByteArrayOutputStream();
    var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    var signals = Signals.listen();
    signals.ended();
    var context =
        new Context(
            new Registry(Actions.all()), out, out, false, signals, UnaryOperator.identity());
    var exit = new Main(context).execute(arguments);
    return new Said(exit, bytes.toString(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "runbook",
        "run",
        "plan",
        "rehearse",
        "resume",
        "rollback",
        "abandon",
        "status",
        "doctor",
        "runs",
        "show",
        "psql",
        "backups",
        "backups open",
        "migration",
        "migration new",
        "migration status",
        "migration history",
        "migration adopt",
        "lint",
        "schema",
        "init"
      })
  void every_command_helps_within_80_columns(String command) {
    // when
    var said = command.equals("runbook") ? say("--help") : say((command + " --help").split(" "));
    // then
    assertThat(said.exit()).isZero();
    assertThat(said.text().lines())
        .allSatisfy(it -> assertThat(it.length()).isLessThanOrEqualTo(COLUMNS));
    Golden.assertSame("help-" + command.replace(' ', '-') + ".txt", said.text());
  }

  @Test
  void the_help_lists_every_command_that_has_a_golden_file() {
    for (var name : Folders.content(Path.of("tests/golden")).keySet()) {
      if (name.startsWith("help-") && !name.equals("help-runbook.txt")) {
        assertThat(say("--help").text()).contains("\n  " + name.replaceAll("^help-|[-.].*", ""));
      }
    }
  }

  @Test
  void all_problems_of_a_runbook_are_listed_each_with_its_place_and_a_hint() throws IOException {
    // given
    var yaml =
        """
        name: broken
        description: Ten mistakes.
        environment: prod
        params:
          keep: {type: boolean, default: yes}
          keep: {default: x}
        step-count: 3
        steps:
          - id: check-backup
            action: postgres.check_backup
            with: {backup: "${params.bakcup}"}
          - id: Stop
            action: service.stop
            with: {service: [backend]}
          - id: restore
            action: postgres.restor
            requires: [safety-backup]
          - id: verify
            action: postgres.verify
            with:
              backup: ${steps.publish.database}
              database: ${steps.check-backup.fiel
            timeout: 10
          - id: publish
            action: postgres.publish
            retry: {max_attempts: 0}
          - id: publish
            action: maintenance.off
        """;
    Files.createDirectory(folder.resolve("runbooks"));
    Folders.copy(Path.of("runbooks/environments"), folder.resolve("runbooks/environments"));
    Files.writeString(folder.resolve("runbooks/broken.yaml"), yaml);
    // when
    var said = say("lint", "-C", folder.toString());
    // then
    assertThat(said.exit()).isEqualTo(2);
    Golden.assertSame("problems.txt", said.text());
  }

  private TestProject project() {
    return TestProject.in(folder)
        .with(Format.CUSTOM)
        .edited("timeout: 2h", "timeout: 2h\n    retry: {max_attempts: 2}")
        .edited(
            "database: ${steps.recreate.database}\n    timeout",
            "database: ${steps.recreate.database}\n      jobs: 2\n    timeout");
  }

  @Test
  void the_plan_of_restore_prod() {
    // given
    var project = project();
    try {
      // when
      var text = project.run("run", "restore-prod", "--dry-run").exits(0).out();
      var json = project.run("plan", "restore-prod", "--output", "json").exits(0).out();
      // then
      Golden.assertSame("plan-restore-prod.txt", Volatile.replaced(text, project));
      Golden.assertSame("plan-restore-prod.json", Volatile.replaced(json, project));
    } finally {
      project.dropDatabases();
    }
  }

  @Test
  void the_status_of_a_run_that_was_killed_in_restore() {
    // given
    var project = project();
    try {
      project.untilStarted(project.restore(), "restore", 0).kill();
      // when
      var status = project.run("status").exits(0).out();
      // then
      Golden.assertSame("status-killed-in-restore.txt", Volatile.replaced(status, project));
      // given
      project.run("rollback").exits(0);
      // when
      var runs = project.run("runs").exits(0).out();
      // then
      Golden.assertSame("runs.txt", Volatile.replaced(runs, project));
    } finally {
      project.dropDatabases();
    }
  }
}
