package pgrunbook.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.testing.Cli.Child;
import pgrunbook.testing.Cli.Ended;
import pgrunbook.testing.Docker;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.TestStack;
import pgrunbook.testing.TestStack.Accepted;
import pgrunbook.testing.WithDocker;

/** What was off stays off, what starts by itself is noticed, and who writes is kept out. */
@WithDocker
class ComposeStateTest {
  private static final String FILE = "docker-compose.prod.yml";
  private static final String DUMP = "hand.sql";

  private static TestStack stack;

  @BeforeAll
  static void up() {
    stack = TestStack.prod().up();
  }

  @AfterEach
  void reset() {
    if (!stack.container("worker").isEmpty()) {
      Docker.docker("rm", "--force", stack.container("worker")).ok();
    }
    stack.reset();
  }

  @AfterAll
  static void down() {
    stack.close();
  }

  private static Shop spoiltShop() {
    return Shop.note(stack).dumpedByHand(DUMP).spoilt();
  }

  /** Databases with their oids, what the one in use holds, services, maintenance. */
  private record State(List<String> databases, String content, boolean backend, boolean flag) {
    static State of(Shop shop) {
      var databases =
          stack.psqlIn(
              "postgres", "SELECT datname, oid, datallowconn FROM pg_database ORDER BY datname");
      return new State(
          databases.lines().filter(line -> !line.contains("_undone_")).toList(),
          shop.now(),
          stack.isUp("backend"),
          inMaintenance());
    }
  }

  private static boolean inMaintenance() {
    return Files.exists(stack.folder().resolve("maintenance.flag"));
  }

  private static Child killedAfter(String event, String step, Child child, Shop shop) {
    child.until(event + " of " + step, () -> shop.runs().has(event, step)).kill();
    return child;
  }

  @ParameterizedTest
  @CsvSource({"down, off, killed", "up, on, done", "down, on, killed", "down, on, done"})
  void a_rollback_gives_back_what_was_before(String backend, String maintenance, String run) {
    // given
    var shop = spoiltShop();
    if (backend.equals("down")) {
      stack.compose("stop", "backend").ok();
    }
    if (maintenance.equals("on")) {
      stack.write("maintenance.flag", "");
    }
    var before = State.of(shop);
    var child = shop.restore();
    if (run.equals("killed")) {
      killedAfter("started", "restore", child, shop);
    } else {
      child.end().exits(0);
      shop.assertRestored();
    }
    // when
    stack.run("rollback", shop.runs().latest(), "--confirm", "shop").exits(0);
    // then
    assertThat(State.of(shop)).isEqualTo(before);
    if (backend.equals("up")) {
      stack.awaitWrite();
    }
  }

  @Test
  void a_runbook_that_starts_what_it_has_stopped_leaves_a_backend_down_that_was_down() {
    // given
    var shop = spoiltShop();
    stack.edited(
        "runbooks/restore-prod.yaml",
        "action: service.start\n    with:\n      services: [backend]",
        "action: service.start\n    with:\n      services: ${steps.stop-backend.stopped}");
    stack.compose("stop", "backend").ok();
    var accepted = stack.accepted();
    // when
    shop.restore().end().exits(0);
    // then
    assertThat(shop.now()).isEqualTo(shop.good());
    assertThat(stack.isUp("backend")).isFalse();
    assertThat(stack.accepted()).isEqualTo(accepted);
    assertThat(stack.run("status").exits(0).out()).contains("no run is unfinished");
  }

  @Test
  void a_backend_that_restarts_always_stays_stopped_and_a_plan_says_how_its_services_are()
      throws InterruptedException {
    // given
    var shop = spoiltShop();
    restartsAlways();
    // when
    var plan = stack.run("plan", "restore-prod").exits(0);
    // then
    assertThat(plan.out()).contains("service backend: running, healthy, restart: always");
    // and when
    shop.restore().end().exits(0);
    // then
    shop.assertSilentDuringTheRestore();
    shop.assertRestored();
    // and when
    stack.write("backend/healthy.sh", "exit 1\n");
    stack.await("bad health", () -> health("backend").equals("unhealthy"));
    assertPlanned("running, unhealthy, restart: always");
    stack.compose("pause", "backend").ok();
    assertPlanned("partly running: paused, restart: always");
    stack.compose("unpause", "backend").ok();
    stack.compose("stop", "backend").ok();
    assertPlanned("stopped, restart: always");
    stack.compose("rm", "--force", "backend").ok();
    assertPlanned("stopped, no container");
  }

  private static void assertPlanned(String state) {
    assertThat(stack.run("plan", "restore-prod").exits(0).out())
        .contains("service backend: " + state + "\n");
  }

  private static void restartsAlways() {
    stack.edited(FILE, "  backend:\n", "  backend: # as it was\n");
    edited("  backend: # as it was\n", "restart: unless-stopped", "restart: always");
    stack.up().awaitWrite();
  }

  /** Replaces the first text that comes after another one. */
  private static void edited(String after, String from, String to) {
    try {
      var file = stack.folder().resolve(FILE);
      var text = Files.readString(file);
      var start = text.indexOf(from, text.indexOf(after));
      assertThat(start).isPositive();
      stack.write(FILE, text.substring(0, start) + to + text.substring(start + from.length()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String health(String service) {
    return Docker.docker(
            "inspect", "--format", "{{.State.Health.Status}}", stack.container(service))
        .ok()
        .strip();
  }

  private static void startBackend() {
    Docker.docker("start", stack.container("backend")).ok();
    stack.awaitWrite();
  }

  @Test
  void a_backend_that_somebody_starts_between_two_processes_is_stopped_again() {
    // given
    var shop = spoiltShop();
    restartsAlways();
    killedAfter("finished", "safety-backup", shop.restore(), shop);
    startBackend();
    // when
    var ended = stack.run("resume").exits(0);
    // then
    assertStoppedAgain(ended, shop);
    assertKeptOutAndNothingLost(shop, stack.accepted());
    shop.assertRestored();
  }

  @Test
  void a_backend_that_somebody_starts_under_a_running_engine_is_stopped_again() {
    // given
    var shop = spoiltShop();
    restartsAlways();
    var child = shop.restore();
    child.until("the backup", () -> shop.runs().has("started", "safety-backup"));
    // when
    startBackend();
    var ended = child.end().exits(0);
    // then
    assertStoppedAgain(ended, shop);
    assertKeptOutAndNothingLost(shop, stack.accepted());
    shop.assertRestored();
  }

  private static void assertStoppedAgain(Ended ended, Shop shop) {
    assertThat(ended.said()).contains("stop-backend does not hold any more");
    assertThat(shop.runs().count("finished", "stop-backend")).isEqualTo(2);
    assertThat(shop.at("finished", "stop-backend")).isBefore(shop.at("started", "recreate"));
  }

  /** What was accepted before the name was taken away is in the old database. */
  private static void assertKeptOutAndNothingLost(Shop shop, List<Accepted> accepted) {
    var closed = shop.at("finished", "recreate");
    var open = shop.at("finished", "publish");
    assertThat(accepted)
        .extracting(Accepted::at)
        .noneMatch(at -> at.isAfter(closed) && at.isBefore(open));
    var old = shop.databases().stream().filter(name -> name.contains("_old_")).findFirst();
    stack.psqlIn("postgres", "ALTER DATABASE " + old.orElseThrow() + " ALLOW_CONNECTIONS true");
    var kept = stack.psqlIn(old.orElseThrow(), "SELECT id FROM writes").lines().toList();
    assertThat(accepted.stream().filter(it -> it.at().isBefore(closed)).map(it -> "" + it.id()))
        .isNotEmpty()
        .allMatch(kept::contains);
    assertThat(accepted)
        .extracting(Accepted::at)
        .anyMatch(at -> at.isAfter(shop.at("finished", "safety-backup")) && at.isBefore(closed));
  }

  @Test
  void a_database_is_not_dropped_that_a_backend_wrote_to_after_the_safety_backup() {
    // given
    var shop = spoiltShop();
    restartsAlways();
    var before = State.of(shop);
    killedAfter("finished", "safety-backup", shop.restore("--set", "keep_old=false"), shop);
    startBackend();
    // when
    var ended = stack.run("resume").exits(1);
    // then
    assertStoppedAgain(ended, shop);
    assertThat(ended.err())
        .contains("shop may have been written to since its safety backup", "hint:")
        .contains("keep_old: true");
    assertThat(shop.databases()).contains("shop");
    assertNothingLost(shop, before);
  }

  /** Everything that was ever accepted is there after a rollback. */
  private static void assertNothingLost(Shop shop, State before) {
    var accepted = stack.accepted();
    stack.run("rollback").exits(0);
    assertThat(State.of(shop)).isEqualTo(before);
    assertThat(stack.psql("SELECT id FROM writes").lines())
        .containsAll(accepted.stream().map(it -> "" + it.id()).toList());
    stack.awaitWrite();
  }

  /** A service that no runbook knows of; it works as the backend does. */
  private static void withWorker(String writer) {
    stack.edited(".env", "POSTGRES_DB", "WRITER=" + writer + "\nPOSTGRES_DB");
    try {
      var text = Files.readString(stack.folder().resolve(FILE));
      var backend = text.substring(text.indexOf("  backend:\n"), text.indexOf("\nvolumes:"));
      var worker = backend.replace("  backend:\n", "  worker:\n").replace("accepted", "worker");
      stack.edited(FILE, "\nvolumes:", "\n" + worker + "\nvolumes:").up();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    stack.await("a write of the worker", () -> !acceptedOfWorker().isEmpty());
  }

  private static List<Accepted> acceptedOfWorker() {
    try {
      var log = stack.folder().resolve("log/worker.log");
      var text = Files.exists(log) ? Files.readString(log) : "";
      return text.substring(0, text.lastIndexOf('\n') + 1)
          .lines()
          .map(line -> line.split(" ", -1))
          .map(words -> new Accepted(instant(words[0]), Long.parseLong(words[1])))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Instant instant(String seconds) {
    return Instant.ofEpochSecond(0, new BigDecimal(seconds).movePointRight(9).longValueExact());
  }

  @ParameterizedTest
  @ValueSource(strings = {"each", "pool"})
  void a_service_that_goes_on_writing_is_kept_out_until_the_database_is_published(String writer) {
    // given
    withWorker(writer);
    var shop = spoiltShop();
    // when
    var ended = shop.restore().end().exits(0);
    // then
    assertKeptOutAndNothingLost(shop, acceptedOfWorker());
    shop.assertRestored();
    assertThat(stack.isUp("worker")).isTrue();
    var before = acceptedOfWorker().size();
    stack.await("a write of the worker", () -> acceptedOfWorker().size() > before);
    assertThat(ended.out())
        .contains("after its safety backup the old database may have been written to")
        .contains("is kept as shop_old_", "drop it when nobody needs what was written into it");
  }

  @Test
  @Tag("fault")
  void a_published_port_of_one_server_and_a_container_of_another_are_no_environment() {
    // given
    var file = "runbooks/environments/prod.yaml";
    var published = PostgresServer.shared().port();
    stack.edited(file, "compose: #", "  port: " + published + "\ncompose: #");
    // when
    var refused = stack.run("plan", "backup-prod").exits(3);
    // then
    assertThat(refused.err())
        .contains("nothing listens on port " + published + " inside the container")
        .contains("hint: does PostgreSQL run there, at that port of the container");
    // and a host beside the container is a mistake of the file
    stack.edited(file, "compose: #", "  host: 127.0.0.1\ncompose: #");
    assertThat(stack.run("plan", "backup-prod").exits(2).err())
        .contains(file + ":", "with 'compose' the server is the one in its container");
  }

  @Test
  void a_session_is_named_with_its_service_by_the_plan() {
    // given
    withWorker("pool");
    spoiltShop();
    // when
    var plan = stack.run("plan", "restore-prod").exits(0);
    // then
    assertThat(plan.out().lines().filter(line -> line.contains("ends the session of pid")))
        .anyMatch(line -> line.contains("user shop") && line.endsWith("(service worker)"))
        .anyMatch(line -> line.endsWith("(service backend)"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"each", "pool"})
  void a_database_is_not_dropped_that_another_service_writes_to(String writer) {
    // given
    withWorker(writer);
    var shop = spoiltShop();
    var before = State.of(shop);
    // when
    var ended = shop.restore("--set", "keep_old=false").end().exits(1);
    // then
    assertThat(ended.err()).contains("shop may have been written to since its safety backup");
    assertThat(shop.databases()).contains("shop");
    assertNothingLost(shop, before);
    assertThat(stack.psql("SELECT id FROM writes").lines())
        .containsAll(acceptedOfWorker().stream().map(it -> "" + it.id()).toList());
  }
}
