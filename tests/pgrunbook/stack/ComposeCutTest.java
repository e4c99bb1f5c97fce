package pgrunbook.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.testing.Cli;
import pgrunbook.testing.EngineProxy;
import pgrunbook.testing.TestStack;
import pgrunbook.testing.WithDocker;

/** The connection to the Docker engine is cut while something works in the container. */
@WithDocker
@Tag("fault")
class ComposeCutTest {
  private static final String END = "-- PostgreSQL database dump complete";

  private static TestStack stack;
  @TempDir Path sockets;

  @BeforeAll
  static void up() {
    stack = TestStack.prod().up();
  }

  @AfterEach
  void reset() {
    stack.reset();
  }

  @AfterAll
  static void down() {
    stack.close();
  }

  @Test
  void a_restore_that_docker_ends_well_without_psql_is_no_success_and_is_resumed()
      throws IOException {
    try (var proxy = EngineProxy.in(sockets)) {
      // given
      var shop = Shop.note(stack).dumpedByHand("hand.sql").spoilt();
      lingering();
      var child = through(proxy).start("run", "restore-prod", "--confirm", "shop");
      child.until("the restore to linger", () -> shop.sessionsOfRuns().contains("pg_sleep"));
      // when
      proxy.cut();
      var ended = child.end();
      // then
      assertThat(ended.exit()).as(ended.said()).isIn(1, 3);
      assertThat(shop.runs().has("finished", "restore")).isFalse();
      assertThat(stack.isUp("backend")).isFalse();
      // and when
      stack.run("resume").exits(0);
      // then
      shop.assertRestored();
      shop.assertSilentDuringTheRestore();
    }
  }

  @Test
  void a_program_whose_end_nobody_saw_is_asked_for() {
    try (var proxy = EngineProxy.in(sockets)) {
      // given
      stack.write(
          "runbooks/slow.yaml",
          """
          name: slow
          description: Something slow in the container.
          environment: prod
          steps:
            - id: slow
              action: compose.exec
              with:
                service: backend
                argv: [sleep, "15"]
                effect: mutating
            - id: after
              action: exec
              with:
                argv: ["true"]
                effect: read_only
          """);
      var shop = Shop.note(stack);
      var child = through(proxy).start("run", "slow");
      shop.runs().untilStarted(child, "slow", 0);
      child.until("the program", () -> stack.compose("top", "backend").out().contains("sleep 15"));
      // when
      proxy.cut();
      var ended = child.end().exits(1);
      // then
      assertThat(ended.said()).contains("nobody knows how 'sleep' in service backend ended");
      assertThat(shop.runs().has("started", "after")).isFalse();
      assertThat(stack.run("resume").exits(4).said()).contains("resume --done slow");
      stack.run("resume", "--done", "slow", "--reason", "looked").exits(0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"custom", "plain"})
  void a_folder_that_is_mounted_read_only_is_not_written_to(String format) {
    // given
    stack.edited("docker-compose.prod.yml", "./backups:/backups", "./backups:/backups:ro").up();
    var shop = Shop.note(stack);
    stack.run("run", "backup-prod", "--set", "format=" + format).exits(0);
    shop.spoilt();
    // when
    shop.restore().end().exits(0);
    // then
    shop.assertRestored();
  }

  @Test
  void an_environment_without_a_project_of_its_own_does_not_get_the_other_files_containers() {
    // given
    stack.edited("runbooks/environments/dev.yaml", "  project: ", "  # project: ");
    var shop = Shop.note(stack).dumpedByHand("hand.sql");
    var before = shop.now();
    // when
    var refused = stack.run("run", "restore-dev").exits(3);
    // then
    assertThat(refused.said())
        .contains("was made from", "docker-compose.prod.yml")
        .contains("this environment's file is docker-compose.dev.yml")
        .contains("compose.project");
    assertThat(shop.now()).isEqualTo(before);
    assertThat(stack.isUp("backend")).isTrue();
  }

  private static Cli through(EngineProxy proxy) {
    return stack.cli().with("DOCKER_HOST", proxy.host());
  }

  private static void lingering() throws IOException {
    var file = stack.backups().resolve("hand.sql");
    var dump = Files.readString(file);
    assertThat(dump).contains("--\n" + END);
    Files.writeString(
        file, dump.replace("--\n" + END, "SELECT pg_catalog.pg_sleep(8);\n--\n" + END));
  }
}
