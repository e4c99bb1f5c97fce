package pgrunbook.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import pgrunbook.testing.Cli;
import pgrunbook.testing.TestStack;
import pgrunbook.testing.WithDocker;

/**
 * The engine is killed, and only the engine: what it has started on this machine and inside the
 * container goes on, as after a real SIGKILL.
 */
@WithDocker
@Tag("fault")
class ComposeKillTest {
  private static final List<String> STEPS =
      List.of(
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

  /** Goes on alone, inside the container, long after its engine was killed. */
  private static final String LINGERS = "SELECT pg_catalog.pg_sleep(20);\n";

  private static final String END = "-- PostgreSQL database dump complete";

  private static TestStack stack;
  private Shop shop;

  @BeforeAll
  static void up() {
    stack = TestStack.prod().up();
  }

  @BeforeEach
  void spoil() {
    shop = Shop.note(stack).dumpedByHand("hand.sql").spoilt();
  }

  @AfterEach
  void reset() {
    stack.reset();
  }

  @AfterAll
  static void down() {
    stack.close();
  }

  static List<String> steps() {
    return STEPS;
  }

  static List<String> stepsThatChangeSomething() {
    return STEPS.stream()
        .filter(step -> !List.of("check-backup", "verify").contains(step))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("steps")
  void a_run_killed_in_a_step_is_resumed_to_its_end(String step) {
    // given
    killedIn(step);
    // when
    stack.run("resume").exits(0);
    // then
    shop.assertRestored();
    shop.assertSilentDuringTheRestore();
    assertThat(shop.databases()).hasSize(2);
  }

  @ParameterizedTest
  @MethodSource("stepsThatChangeSomething")
  void a_run_killed_in_a_step_is_rolled_back_to_what_was_before(String step) {
    // given
    var oid = shop.oid("shop");
    var spoilt = shop.now();
    killedIn(step);
    // when
    stack.run("rollback").exits(0);
    // then
    assertThat(shop.oid("shop")).isEqualTo(oid);
    assertThat(shop.now()).isEqualTo(spoilt);
    assertThat(shop.databases()).noneMatch(name -> name.contains("_restore_"));
    assertThat(stack.isUp("backend")).isTrue();
    assertThat(stack.folder().resolve("maintenance.flag")).doesNotExist();
    assertThat(shop.sessionsOfRuns()).isEmpty();
    stack.awaitWrite();
  }

  @Test
  void what_goes_on_inside_the_container_is_ended_before_the_run_goes_on() throws IOException {
    // given
    lingering();
    var child = shop.restore();
    child.until("the restore to linger", () -> shop.sessionsOfRuns().contains("pg_sleep"));
    // when
    child.kill();
    // then
    assertThat(shop.sessionsOfRuns()).contains("pg_sleep");
    // and when
    var resumed = stack.cli().start("resume");
    resumed.until("a second attempt", () -> shop.runs().count("started", "restore") > 1);
    // then
    assertThat(resumed.end().exits(0).out())
        .contains("session(s) that an earlier attempt had left");
    shop.assertRestored();
  }

  @Test
  void what_goes_on_inside_the_container_is_ended_before_anything_is_undone() throws IOException {
    // given
    lingering();
    var oid = shop.oid("shop");
    var child = shop.restore();
    child.until("the restore to linger", () -> shop.sessionsOfRuns().contains("pg_sleep"));
    child.kill();
    // when
    stack.run("rollback").exits(0);
    // then
    assertThat(shop.sessionsOfRuns()).isEmpty();
    assertThat(shop.oid("shop")).isEqualTo(oid);
    assertThat(shop.databases()).containsExactly("shop");
  }

  @Test
  void ctrl_c_ends_what_works_inside_the_container_and_the_run_can_be_resumed() throws IOException {
    // given
    lingering();
    var child = shop.restore();
    child.until("the restore to linger", () -> shop.sessionsOfRuns().contains("pg_sleep"));
    // when
    child.signal("INT").end().exits(130);
    // then
    assertThat(shop.sessionsOfRuns()).isEmpty();
    stack.run("resume").exits(0);
    shop.assertRestored();
  }

  @Test
  void one_run_survives_a_kill_in_each_of_its_steps() {
    // given
    Cli.Child child = shop.restore();
    for (var step : STEPS) {
      shop.runs().untilStarted(child, step, 0).kill();
      child = stack.cli().start("resume");
    }
    // when
    child.end().exits(0);
    // then
    assertThat(shop.runs().ids()).hasSize(1);
    shop.assertRestored();
    shop.assertSilentDuringTheRestore();
  }

  private void killedIn(String step) {
    shop.runs().untilStarted(shop.restore(), step, 0).kill();
  }

  private void lingering() throws IOException {
    var file = stack.backups().resolve("hand.sql");
    var dump = Files.readString(file);
    assertThat(dump).contains("--\n" + END);
    Files.writeString(file, dump.replace("--\n" + END, LINGERS + "--\n" + END));
  }
}
