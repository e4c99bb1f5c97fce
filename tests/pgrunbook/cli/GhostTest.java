package pgrunbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.testing.Cli;
import pgrunbook.testing.TestProject;

/** What a killed engine has left running on this machine, and who decides what became of it. */
@Tag("fault")
class GhostTest {
  @TempDir Path folder;
  private TestProject project;

  @BeforeEach
  void makeProject() {
    project = TestProject.in(folder);
    project.runbook(
        "cache",
        """
        name: %s
        environment: prod
        steps:
          - id: daemon
            action: exec
            with:
              argv: [sh, -c, "setsid sh -c 'echo $$ > daemon; exec sleep 60' > /dev/null 2>&1 &"]
          - id: clear
            action: exec
            with:
              argv: [sh, -c, "echo x >> ran; echo $$ > pid; test -e go || sleep 60"]
        """);
  }

  @AfterEach
  void dropDatabases() throws IOException {
    project.dropDatabases();
    if (Files.exists(folder.resolve("daemon"))) {
      process("daemon").destroyForcibly();
    }
  }

  private ProcessHandle process(String noted) throws IOException {
    var pid = Long.parseLong(Files.readString(folder.resolve(noted)).strip());
    return ProcessHandle.of(pid).orElseThrow();
  }

  private Cli.Child atWork() {
    return project
        .cli()
        .start("run", "cache")
        .until("the program's number", () -> folder.resolve("pid").toFile().length() > 1);
  }

  /** Also where whoever has adopted it takes a moment to notice. */
  private static void assertEnds(ProcessHandle program) {
    assertThat(program.onExit()).succeedsWithin(Duration.ofSeconds(20));
  }

  @Test
  void a_program_that_outlived_its_engine_is_ended_and_an_operator_says_what_became_of_it()
      throws IOException {
    // given
    atWork().kill();
    var program = process("pid");
    assertThat(program.isAlive()).isTrue();
    // when
    var resumed = project.run("resume").exits(4);
    // then
    assertEnds(program);
    assertThat(process("daemon").isAlive()).as("what a step that is done has left").isTrue();
    assertThat(resumed.out())
        .contains("ended what an earlier attempt had left running", "(pid " + program.pid() + ")");
    assertThat(resumed.said()).contains("nobody can tell how step clear ended", "--redo clear");
    assertThat(project.journal())
        .anyMatch(entry -> entry.data().path("programs").toString().contains("" + program.pid()));
    // and when
    assertThat(project.run("resume", "--redo", "clear").exits(2).err())
        .contains("nothing says why", "hint: --reason WHY");
    var typo = project.run("resume", "--redo", "clear", "--done", "claer", "--reason", "x");
    assertThat(typo.exits(2).err()).contains("'claer' waits for no decision", "clear");
    assertThat(project.has("decided", "clear")).isFalse();
    project.write("go", "");
    project.run("resume", "--redo", "clear", "--reason", "the cache was full").exits(0);
    // then
    assertThat(Files.readString(folder.resolve("ran"))).isEqualTo("x\nx\n");
    assertThat(project.run("show", project.runId()).exits(0).out())
        .contains("decided: clear is carried out again, said ", ": the cache was full");
  }

  @Test
  void a_program_is_ended_before_its_step_is_carried_out_again_or_taken_for_done()
      throws IOException {
    // given
    atWork().kill();
    var program = process("pid");
    // when
    project.run("resume", "--done", "clear", "--reason", "looked").exits(0);
    // then
    assertEnds(program);
    assertThat(Files.readString(folder.resolve("ran"))).isEqualTo("x\n");
    assertThat(project.run("show", project.runId()).exits(0).out())
        .contains("decided: clear is done, said ", ": looked");
  }

  @Test
  void a_program_is_ended_before_anything_is_undone() throws IOException {
    // given
    atWork().kill();
    var program = process("pid");
    // when
    var undone = project.run("rollback").exits(0);
    // then
    assertEnds(program);
    assertThat(undone.out()).contains("(pid " + program.pid() + ")");
  }
}
