package pgrunbook.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.testing.Cli;
import pgrunbook.testing.Docker;
import pgrunbook.testing.TestStack;
import pgrunbook.testing.WithDocker;

/** PostgreSQL's container, or the whole Docker engine, is taken away in mid-restore. */
@WithDocker
@Tag("fault")
class ComposeFaultTest {
  private static final String END = "-- PostgreSQL database dump complete";
  private static TestStack stack;
  private Shop shop;
  private long oid;
  private String spoilt = "";

  @BeforeAll
  static void up() {
    stack = TestStack.prod().up();
  }

  @BeforeEach
  void spoil() throws IOException {
    shop = Shop.note(stack).dumpedByHand("hand.sql").spoilt();
    oid = shop.oid("shop");
    spoilt = shop.now();
    var file = stack.backups().resolve("hand.sql");
    var dump = Files.readString(file);
    assertThat(dump).contains("--\n" + END);
    Files.writeString(
        file, dump.replace("--\n" + END, "SELECT pg_catalog.pg_sleep(5);\n--\n" + END));
  }

  @AfterEach
  void reset() {
    stack.reset();
  }

  @AfterAll
  static void down() {
    stack.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"stop", "kill", "restart"})
  void a_restore_without_its_server_fails_and_is_resumed(String how) {
    // given
    var child = inRestore();
    // when
    stack.compose(how, "postgres").ok();
    var ended = child.end();
    // then
    assertThat(ended.exit()).as(ended.said()).isIn(1, 3);
    assertThat(ended.said()).contains("resume").doesNotContain("Exception");
    assertThat(stack.isUp("backend")).isFalse();
    // and when
    if (!how.equals("restart")) {
      var refused = stack.run("resume").exits(3);
      assertThat(refused.said())
          .contains("docker compose -f docker-compose.prod.yml start postgres");
    }
    stack.compose("start", "postgres").ok();
    stack.await("postgres", () -> stack.isUp("postgres"));
    waitForHealth();
    stack.run("resume").exits(0);
    // then
    shop.assertRestored();
    shop.assertSilentDuringTheRestore();
  }

  @Test
  void a_run_whose_server_was_killed_is_rolled_back() {
    // given
    var child = inRestore();
    stack.compose("kill", "postgres").ok();
    child.end();
    stack.compose("start", "postgres").ok();
    waitForHealth();
    // when
    stack.run("rollback").exits(0);
    // then
    assertUntouched();
  }

  @Test
  void a_paused_container_is_waited_for() throws InterruptedException {
    // given
    var child = inRestore();
    // when
    stack.compose("pause", "postgres").ok();
    Thread.sleep(3000);
    stack.compose("unpause", "postgres").ok();
    // then
    var ended = child.end();
    if (ended.exit() != 0) {
      stack.run("resume").exits(0);
    }
    shop.assertRestored();
    shop.assertSilentDuringTheRestore();
  }

  @Test
  void a_container_that_was_made_anew_is_found_again() {
    // given
    var child = inRestore();
    // when
    stack.compose("rm", "--stop", "--force", "postgres").ok();
    child.end();
    assertThat(stack.run("resume").exits(3).said()).contains("up -d postgres");
    stack.compose("up", "-d", "--no-deps", "postgres").ok();
    waitForHealth();
    // then
    stack.run("resume").exits(0);
    shop.assertRestored();
  }

  @Test
  @Tag("restarts-docker")
  void the_docker_engine_is_restarted() throws Exception {
    // given
    stack.edited(
        "docker-compose.prod.yml",
        "restart: unless-stopped\n    init",
        "restart: always\n    init");
    stack.up();
    var child = inRestore();
    // when
    Docker.restartEngine();
    var ended = child.end();
    // then: `restart: always` has brought the backend back, whom nobody may let in
    assertThat(ended.exit()).as(ended.said()).isIn(1, 3);
    stack.await("the backend", () -> stack.isUp("backend"));
    waitForHealth();
    var resumed = stack.run("resume").exits(0);
    assertThat(resumed.out()).contains("stop-backend does not hold any more");
    shop.assertRestored();
    shop.assertSilentDuringTheRestore();
  }

  private Cli.Child inRestore() {
    return shop.restore()
        .until("the restore to be at work", () -> shop.sessionsOfRuns().contains("pg_sleep"));
  }

  private void assertUntouched() {
    assertThat(shop.oid("shop")).isEqualTo(oid);
    assertThat(shop.now()).isEqualTo(spoilt);
    assertThat(shop.databases()).containsExactly("shop");
    assertThat(stack.isUp("backend")).isTrue();
    stack.awaitWrite();
  }

  private void waitForHealth() {
    stack.await(
        "PostgreSQL's health",
        () ->
            stack.compose("exec", "-T", "postgres", "pg_isready", "-q", "-h", "127.0.0.1").exit()
                == 0);
  }
}
