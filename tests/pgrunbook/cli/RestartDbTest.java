package pgrunbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.testing.Databases;
import pgrunbook.testing.ServerSwitch;
import pgrunbook.testing.TestProject;

/** A plain server is restarted by its environment's commands. */
class RestartDbTest {
  private static final String COMMANDS =
      """
      services:
        postgres:
          stop: [./pg.sh, stop, -m, fast]
          start: [./pg.sh, start]
          check: [./pg.sh, status]
      """;

  /** As the server's own user; pg_ctl status ends with 3 where it is stopped. */
  private static final String SCRIPT =
      """
      #!/bin/sh
      as=
      if [ "$(id -u)" = 0 ]; then as="setpriv --reuid postgres --regid postgres --init-groups"; fi
      cd /
      verb=$1
      shift
      if [ "$verb" = start ]; then
        exec $as {control} start -D {data} -l {data}/../log -w -o "{options}" >/dev/null 2>&1
      fi
      exec $as {control} "$verb" -D {data} "$@" >/dev/null
      """;

  @TempDir Path folder;
  private TestProject project;
  private ServerSwitch server;

  @BeforeEach
  void a_project_whose_server_has_commands() throws IOException {
    project = TestProject.in(folder);
    server = ServerSwitch.find();
    project.runbook("restart-db", Files.readString(Path.of("runbooks/restart-db.yaml")));
    var data = Path.of(Databases.column("postgres", "SHOW data_directory").getFirst());
    var opts = Files.readString(data.resolve("postmaster.opts")).strip();
    var space = opts.indexOf(' ');
    var control = Path.of(opts.substring(0, space)).resolveSibling("pg_ctl");
    var options = opts.substring(space + 1).replace("\"", "'");
    var script =
        project.write(
            "pg.sh",
            SCRIPT
                .replace("{control}", control.toString())
                .replace("{data}", data.toString())
                .replace("{options}", options));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @AfterEach
  void drop() {
    project.dropDatabases();
  }

  private void withCommands() {
    project.edited("runbooks/environments/prod.yaml", "services:\n", COMMANDS);
  }

  @Test
  void without_commands_for_it_the_plan_says_what_to_write() {
    var refused = project.run("run", "restart-db", "--env", "prod").exits(3).said();
    assertThat(refused)
        .contains("unknown service 'postgres'")
        .contains("services: {postgres: {stop: [systemctl, stop, postgresql]");
  }

  @Test
  void it_restarts_the_server_and_goes_on_under_a_lock_taken_again_also_after_a_kill() {
    // given
    withCommands();
    var first = started();
    // when
    project.run("run", "restart-db", "--env", "prod").exits(0);
    // then
    var second = started();
    assertThat(second).isNotEqualTo(first);
    assertThat(project.journal())
        .anySatisfy(entry -> assertThat(entry.data().has("lost")).isTrue());
    // and when it is killed in the restart, which leaves the server stopped
    project
        .cli()
        .start("run", "restart-db", "--env", "prod")
        .until(
            "the restart", () -> project.runIds().size() == 2 && project.has("started", "restart"))
        .kill();
    leftStopped();
    var resumed = project.run("resume").exits(0).out();
    // then
    assertThat(resumed).contains("service postgres is stopped, as the run left it: starting it");
    assertThat(started()).isNotEqualTo(second);
    project.run("status").exits(0);
  }

  private static String started() {
    return Databases.column("postgres", "SELECT pg_postmaster_start_time()").getFirst();
  }

  /** What was killed may have left a stop at work, or not begun it: it is brought to its end. */
  private void leftStopped() {
    try {
      server.off();
    } catch (IllegalStateException _) {
      // it is off already
    }
  }
}
