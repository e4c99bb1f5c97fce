package pgrunbook.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.journal.JournalFile;
import pgrunbook.testing.TestProject;

/** The disk of the runs is full in mid-run, on a file system of its own. */
@Tag("fault")
class JournalDiskTest {
  @TempDir Path folder;
  private TestProject project;
  private Path disk;

  @BeforeEach
  void mount() throws Exception {
    project = TestProject.in(folder);
    disk = Files.createDirectory(folder.resolve(".pgrunbook"));
    assumeTrue(
        ran("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk.toString()),
        "nobody but root may mount a file system");
  }

  @AfterEach
  void unmount() throws Exception {
    ran("umount", disk.toString());
    project.dropDatabases();
  }

  private static boolean ran(String... line) throws IOException, InterruptedException {
    var process = new ProcessBuilder(line).redirectErrorStream(true).start();
    return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  /** A step whose entry needs more room than a page that is begun already has. */
  private static String large(String id, String argv) {
    return """
      - id: %s
        action: exec
        with:
          argv: %s
          stdin: %s
    """
        .formatted(id, argv, "x".repeat(9000));
  }

  @Test
  void a_step_whose_start_cannot_be_journaled_is_not_begun_and_the_run_goes_on_with_more_room()
      throws Exception {
    // given
    project.runbook(
        "fills",
        """
        name: %s
        environment: prod
        steps:
          - id: maintenance-on
            action: maintenance.on
          - id: fill
            action: exec
            with:
              argv: [sh, -c, "cat /dev/zero > .pgrunbook/fill || true"]
        """
            + large("next", "[touch, next]")
            + "  - id: maintenance-off\n    action: maintenance.off\n");
    // when
    var ended = project.run("run", "fills").exits(4);
    // then
    assertThat(ended.err())
        .contains("cannot write the journal", "No space left on device", "hint:", "'resume'")
        .doesNotContain("an error of pgrunbook itself");
    assertThat(folder.resolve("next")).doesNotExist();
    var read = JournalFile.read(project.journalFile());
    assertThat(read.wholeBytes() + read.torn()).isEqualTo(Files.size(project.journalFile()));
    assertThat(project.has("finished", "fill")).isTrue();
    assertThat(project.has("started", "next")).isFalse();
    // and when
    var status = project.run("status").exits(0);
    var tooEarly = project.run("resume");
    // then
    assertThat(status.out()).contains("owed: maintenance mode is on", "what now:");
    assertThat(tooEarly.exit()).as(tooEarly.said()).isIn(3, 4);
    assertThat(tooEarly.err()).contains("No space left on device", "hint:");
    assertThat(folder.resolve("next")).doesNotExist();
    assertThat(project.inMaintenance()).isTrue();
    // and when
    Files.delete(disk.resolve("fill"));
    project.run("resume").exits(0);
    // then
    assertThat(folder.resolve("next")).exists();
    assertThat(project.inMaintenance()).isFalse();
    assertThat(project.count("finished", "fill")).isOne();
  }

  @Test
  void an_effect_whose_end_cannot_be_journaled_is_looked_for_and_not_repeated() throws Exception {
    // given
    project.runbook(
        "fills",
        """
        name: %s
        environment: prod
        steps:
          - id: once
            action: exec
            with:
              argv: [sh, -c, "echo x >> ran; cat /dev/zero > .pgrunbook/fill; seq 3000"]
              output: lines
        """);
    // when
    var ended = project.run("run", "fills").exits(4);
    // then
    assertThat(ended.err()).contains("cannot write the journal", "No space left on device");
    // and when
    Files.delete(disk.resolve("fill"));
    var resumed = project.run("resume").exits(4);
    // then
    assertThat(resumed.said()).contains("nobody can tell how step once ended");
    assertThat(Files.readString(folder.resolve("ran"))).isEqualTo("x\n");
    assertThat(project.journal()).anyMatch(entry -> entry.event().equals("torn_line"));
  }
}
