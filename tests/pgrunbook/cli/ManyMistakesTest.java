package pgrunbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.TestProject;

/** A runbook with many mistakes tells all of them at once, before anything is connected to. */
class ManyMistakesTest {
  private static final String MANY =
      """
      name: other
      environment: prod
      parms: {x: 1}
      steps:
        - id: check
          action: postgres.chek_backup
          with:
            backup: latest
        - id: check
          action: maintenance.on
        - id: Bad Id
          action: maintenance.off
        - id: stop
          action: service.stop
          with:
            service: [backend]
        - id: restore
          action: postgres.restore
          with:
            backup: ${steps.nowhere.file}
            database: ${params.nope}
          timeout: soon
          requires: [verify]
        - id: verify
          action: exec
          with:
            argv: echo
          when: 1 +
          on_failure: explode
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

  @ParameterizedTest
  @ValueSource(strings = {"lint", "run", "plan"})
  void every_mistake_is_told_with_its_place_in_one_go(String command) throws IOException {
    // given
    project.runbook("many", MANY);
    try (var server = new ServerSocket(0)) {
      server.setSoTimeout(1);
      project.edited(
          ".env",
          "POSTGRES_PORT=" + PostgresServer.shared().port(),
          "POSTGRES_PORT=" + server.getLocalPort());
      // when
      var ended = project.run(command, "many");
      // then
      ended.exits(2);
      assertThat(ended.err())
          .contains("runbooks/many.yaml:1:7: the name is 'other'")
          .contains("runbooks/many.yaml:3:1: unknown key 'parms'", "did you mean 'params'?")
          .contains("runbooks/many.yaml:5:5: unknown action 'postgres.chek_backup'")
          .contains("did you mean 'postgres.check_backup'?")
          .contains("runbooks/many.yaml:9:9: a second step with the id 'check'")
          .contains("runbooks/many.yaml:11:9: 'Bad Id' is no step id")
          .contains("runbooks/many.yaml:16:7: unknown key 'service'")
          .contains("did you mean 'services'?")
          .contains("runbooks/many.yaml:20:17: 'nowhere' is not an earlier step")
          .contains("runbooks/many.yaml:21:19: unknown param 'nope'")
          .contains("runbooks/many.yaml:22:14: ")
          .contains("runbooks/many.yaml:23:16: 'verify' is not an earlier step")
          .contains("runbooks/many.yaml:27:13: ")
          .contains("runbooks/many.yaml:28:13: ")
          .contains("runbooks/many.yaml:29:17: ");
      assertThat(ended.err()).doesNotContain("Exception");
      assertNothingConnected(server);
    }
    assertThat(folder.resolve(".pgrunbook")).doesNotExist();
  }

  private static void assertNothingConnected(ServerSocket server) throws IOException {
    try (var connection = server.accept()) {
      throw new AssertionError("connected from " + connection);
    } catch (java.net.SocketTimeoutException e) {
      assertThat(e).isNotNull();
    }
  }

  @Test
  void a_correct_runbook_has_no_problems() {
    // when
    var ended = project.run("lint");
    // then
    ended.exits(0);
    assertThat(ended.out()).contains("no problems in restore-prod");
  }

  @Test
  void an_unknown_runbook_param_or_option_is_told_with_what_was_meant() {
    // when
    var runbook = project.run("run", "restore-prd");
    var param = project.run("run", "restore-prod", "--set", "bakup=x");
    var option = project.run("run", "restore-prod", "--dry-rn");
    // then
    assertThat(runbook.exits(2).err()).contains("did you mean 'restore-prod'?");
    assertThat(param.exits(2).err()).contains("bakup", "did you mean 'backup'?");
    assertThat(option.exits(2).err()).contains("--dry-rn");
  }

  @Test
  void mistakes_of_the_environment_are_told_with_those_of_the_runbook() {
    // given
    project.runbook("many", MANY);
    project.edited("runbooks/environments/prod.yaml", "backups:", "backup:");
    // when
    var ended = project.run("lint");
    // then
    ended.exits(2);
    assertThat(ended.err()).contains("runbooks/many.yaml:", "runbooks/environments/prod.yaml:");
    assertThat(folder.resolve("runbooks").toFile().list()).hasSize(3);
  }

  @Test
  void outside_of_any_project_it_is_told_how_to_name_one(@TempDir Path nowhere) {
    // when
    var ended = new pgrunbook.testing.Cli(nowhere).run("status");
    // then
    ended.exits(2);
    assertThat(ended.err()).contains("-C DIR", "hint:");
  }
}
