package pgrunbook.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.testing.Cli;
import pgrunbook.testing.Cli.Ended;
import pgrunbook.testing.Docker;
import pgrunbook.testing.Folders;
import pgrunbook.testing.TestProject;
import pgrunbook.testing.TestStack;
import pgrunbook.testing.WithDocker;

/** Compose as it comes: versions, folders, names and profiles, and what is wrong with it. */
@WithDocker
class ComposeVersionsTest {
  private static final String FILE = "docker-compose.prod.yml";
  private static final String ENVIRONMENT = "runbooks/environments/prod.yaml";
  private static final String DUMP = "hand.sql";

  private static TestStack stack;

  /** Set by a test that has left everything as it was. */
  private boolean untouched;

  @BeforeAll
  static void up() {
    stack = TestStack.prod().up();
  }

  @AfterEach
  void reset() {
    if (!untouched) {
      stack.reset();
    }
  }

  @AfterAll
  static void down() {
    stack.close();
  }

  private record Words(int exit, String said) {}

  /** A command as somebody types it, in the project's folder. */
  private static Words typed(TestStack where, String line) {
    try {
      var builder =
          new ProcessBuilder("sh", "-c", line)
              .directory(where.folder().toFile())
              .redirectErrorStream(true);
      builder.environment().keySet().removeIf(name -> name.matches("(PG|POSTGRES_|COMPOSE_).*"));
      var process = builder.start();
      process.getOutputStream().close();
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Words(process.waitFor(), said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void assumeVersion1() {
    assumeThat(typed(stack, "docker-compose version --short").said())
        .as("docker-compose 1.x is installed")
        .startsWith("1.");
  }

  private static void withVersion1(TestStack stack) {
    stack.edited(ENVIRONMENT, "  file: docker", "  command: [docker-compose]\n  file: docker");
  }

  @Test
  void a_project_of_version_1_is_planned_restored_and_rolled_back() {
    untouched = true;
    assumeVersion1();
    try (var old = TestStack.prod()) {
      // given
      assertThat(typed(old, "docker-compose -f " + FILE + " up -d").exit()).isZero();
      old.await("a write", () -> !old.accepted().isEmpty());
      withVersion1(old);
      var shop = Shop.note(old).dumpedByHand(DUMP).spoilt();
      var spoilt = shop.now();
      // when
      var plan = old.run("run", "restore-prod", "--dry-run").exits(0);
      // then
      assertThat(plan.out())
          .contains("in service postgres of Compose project " + old.project() + ",")
          .contains("service backend: running, healthy, restart: unless-stopped")
          .contains("> docker-compose -f " + FILE + " stop backend")
          .doesNotContain("docker compose");
      assertThat(shop.now()).isEqualTo(spoilt);
      // and when
      shop.restore().end().exits(0);
      // then
      shop.assertSilentDuringTheRestore();
      shop.assertRestored();
      // and when
      old.run("rollback", shop.runs().latest(), "--confirm", "shop").exits(0);
      // then
      assertThat(shop.now()).isEqualTo(spoilt);
      old.awaitWrite();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2"})
  void a_project_without_a_name_has_that_of_its_folder(String version) {
    // given
    if (version.equals("1")) {
      assumeVersion1();
      withVersion1(stack);
    }
    stack.edited(".env", "COMPOSE_PROJECT_NAME", "ANOTHER");
    // when
    var refused = stack.run("plan", "restore-prod").exits(3);
    // then
    var name = stack.folder().getFileName().toString();
    assertThat(refused.err())
        .contains("service postgres of Compose project " + name + " has no container");
  }

  @Test
  void a_run_may_be_started_from_another_folder() {
    // given
    var shop = Shop.note(stack).dumpedByHand(DUMP).spoilt();
    var folder = stack.folder().toString();
    // when
    new Cli(Path.of("/")).run("run", "restore-prod", "-C", folder, "--confirm", "shop").exits(0);
    // then
    shop.assertSilentDuringTheRestore();
    shop.assertRestored();
  }

  @Test
  void the_compose_file_may_lie_in_a_folder_below() throws IOException {
    // given
    var shop = Shop.note(stack).dumpedByHand(DUMP).spoilt();
    Files.createDirectory(stack.folder().resolve("deploy"));
    var text = Files.readString(stack.folder().resolve(FILE));
    stack.write("deploy/" + FILE, text.replace("- ./", "- ../"));
    stack.edited(ENVIRONMENT, "file: " + FILE, "file: deploy/" + FILE);
    // when
    var ended = shop.restore().end().exits(0);
    // then
    assertThat(ended.out()).contains("-f deploy/" + FILE + " --env-file", "stop backend");
    shop.assertSilentDuringTheRestore();
    shop.assertRestored();
  }

  @Test
  void a_project_name_profiles_and_an_env_file_of_another_name_are_passed_on() throws IOException {
    // given
    var shop = Shop.note(stack).dumpedByHand(DUMP).spoilt();
    var spoilt = shop.now();
    stack.edited(FILE, "  backend:\n", "  backend:\n    profiles: [site]\n");
    stack.edited(".env", "=" + stack.project(), "=another");
    Files.move(stack.folder().resolve(".env"), stack.folder().resolve("production.env"));
    stack.edited(ENVIRONMENT, "env_file: .env", "env_file: production.env");
    stack.edited(
        ENVIRONMENT,
        "  file: ",
        "  project: %s\n  profiles: [site]\n  file: ".formatted(stack.project()));
    // when
    var ended = shop.restore().end().exits(0);
    // then
    assertThat(ended.out())
        .contains("/production.env -p " + stack.project() + " --profile site stop backend");
    shop.assertSilentDuringTheRestore();
    shop.assertRestored();
    // and when
    stack.run("rollback", shop.runs().latest(), "--confirm", "shop").exits(0);
    // then
    assertThat(shop.now()).isEqualTo(spoilt);
    stack.awaitWrite();
  }

  @Test
  void a_service_of_a_profile_that_is_not_active_is_unknown() {
    // given
    Shop.note(stack).dumpedByHand(DUMP);
    stack.edited(FILE, "  backend:\n", "  backend:\n    profiles: [site]\n");
    // when
    var refused = refused(stack.cli(), 3);
    // then
    assertThat(refused.said()).contains("unknown service 'backend'", "hint: known: postgres");
  }

  /** Confirmed and with a backup, so that a run that is not refused would replace the database. */
  private static Ended refused(Cli cli, int exit) {
    var before = Unchanged.look();
    var ended = cli.run("run", "restore-prod", "--confirm", "shop").exits(exit);
    assertThat(ended.out()).doesNotContain("ok     ");
    assertThat(Unchanged.look()).isEqualTo(before);
    return ended;
  }

  /** What a refused run leaves alone. */
  private record Unchanged(
      Set<String> runs, boolean flag, Set<String> backups, List<String> containers) {
    static Unchanged look() {
      var shown = List.of("backend", "postgres").stream().map(stack::container);
      return new Unchanged(
          new HashSet<>(new pgrunbook.testing.Runs(stack.folder()).ids()),
          Files.exists(stack.folder().resolve("maintenance.flag")),
          Folders.content(stack.backups()).keySet(),
          shown.map(Unchanged::state).toList());
    }

    private static String state(String container) {
      return container.isEmpty()
          ? "none"
          : Docker.docker(
                  "inspect", "--format", "{{.State.Status}} {{.State.StartedAt}}", container)
              .ok();
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          no file | runbooks/environments/prod.yaml | "file: docker-compose.prod" | "file: docker-compose.production" | 3 | there is no Compose file docker-compose.production.yml for environment prod | see 'compose' in the environment's file
          no YAML | docker-compose.prod.yml | "  backend:" | "  backend: [" | 3 | yaml: line | correct docker-compose.prod.yml
          no key of Compose | docker-compose.prod.yml | "stop_grace_period" | "stop_grace_periode" | 3 | stop_grace_periode | correct docker-compose.prod.yml
          no such service | runbooks/environments/prod.yaml | "postgres_service: postgres" | "postgres_service: postgre" | 3 | docker-compose.prod.yml has no service 'postgre' | did you mean 'postgres'?
          another port | runbooks/environments/prod.yaml | "  user:" | "  port: 5433\n  user:" | 3 | nothing listens on port 5433 inside the container | does PostgreSQL run there
          a host | runbooks/environments/prod.yaml | "  user:" | "  host: db.example.com\n  user:" | 2 | with 'compose' the server is the one in its container | leave out database.host
          an outdated password | .env | canary-5ecret-4711 | canary-4712 | 3 | password authentication failed for user "shop" | POSTGRES_PASSWORD in .env is only read when a container's cluster is made
          no such program | runbooks/environments/prod.yaml | "  file: docker" | "  command: [podman-kompose]\n  file: docker" | 3 | cannot run 'podman-kompose' | compose.command
          """)
  void what_is_wrong_is_said_before_anything_is_touched(
      String what, String file, String from, String to, int exit, String expected, String hint)
      throws IOException {
    // given
    stack.write("backups/" + DUMP, "--\n-- PostgreSQL database dump\n--\n");
    var text = Files.readString(stack.folder().resolve(file));
    stack.edited(file, from, to.replace("\\n", "\n"));
    // when
    var ended = refused(stack.cli(), exit);
    // then
    assertThat(ended.err()).as(what).contains(expected, hint).doesNotContain("canary-4712");
    // and given
    stack.write(file, text);
    Files.delete(stack.backups().resolve(DUMP));
    assertThat(stack.isUp("backend")).isTrue();
    untouched = true;
  }

  @ParameterizedTest
  @CsvSource({
    "stop postgres, does not run (exited), start it: ",
    "pause postgres, is paused, go on with it: ",
    "rm --stop --force postgres, has no container, start it: "
  })
  void a_server_that_does_not_run_is_started_by_the_command_that_the_hint_names(
      String command, String state, String hint) {
    // given
    Shop.note(stack).dumpedByHand(DUMP);
    assertThat(typed(stack, "docker compose -f " + FILE + " " + command).exit()).isZero();
    // when
    var ended = refused(stack.cli(), 3);
    // then
    assertThat(ended.err())
        .contains("service postgres of Compose project " + stack.project() + " " + state);
    // and when
    var line = ended.err().lines().filter(it -> it.contains(hint)).findFirst().orElseThrow();
    var typed = typed(stack, line.substring(line.indexOf(hint) + hint.length()));
    // then
    assertThat(typed.exit()).as(typed.said()).isZero();
    stack.await("an answer", ComposeVersionsTest::answers);
    stack.run("plan", "restore-prod").exits(0);
  }

  private static boolean answers() {
    var postgres = stack.container("postgres");
    return Docker.docker("exec", postgres, "pg_isready", "-q", "-h", "127.0.0.1").exit() == 0;
  }

  @Test
  void an_engine_that_does_not_answer_is_named() {
    untouched = true;
    var ended = refused(stack.cli().with("DOCKER_HOST", "tcp://127.0.0.1:1"), 3);
    assertThat(ended.err())
        .contains("Cannot connect to the Docker daemon at tcp://127.0.0.1:1")
        .contains("hint: start the Docker engine, or check DOCKER_HOST and 'docker context ls'");
  }

  @Test
  void a_machine_without_docker_is_told_to_get_it(@TempDir Path bin) throws IOException {
    untouched = true;
    // given
    for (var folder : System.getenv("PATH").split(File.pathSeparator, -1)) {
      linkAllButDocker(Path.of(folder), bin);
    }
    // when
    var ended = refused(stack.cli().with("PATH", bin.toString()), 3);
    // then
    assertThat(ended.err())
        .contains("there is neither 'docker compose' nor 'docker-compose' on this machine")
        .contains("hint: install Docker with its Compose plugin");
  }

  private static void linkAllButDocker(Path from, Path to) throws IOException {
    if (!Files.isDirectory(from)) {
      return;
    }
    try (var programs = Files.list(from)) {
      for (var program : programs.toList()) {
        var name = program.getFileName().toString();
        if (!name.startsWith("docker") && !Files.exists(to.resolve(name))) {
          Files.createSymbolicLink(to.resolve(name), program);
        }
      }
    }
  }

  @Test
  void another_project_name_in_the_environment_of_the_process_wins_as_with_compose() {
    untouched = true;
    var ended = refused(stack.cli().with("COMPOSE_PROJECT_NAME", "another"), 3);
    assertThat(ended.err()).contains("Compose project another has no container");
  }

  @Test
  void the_password_is_in_no_output_no_file_and_no_argument() throws IOException {
    // given
    var shop = Shop.note(stack).spoilt();
    var arguments = new ArrayList<String>();
    stack.compose("stop", "backend").ok();
    // when
    var backup = watched(stack.cli().start("run", "backup-prod"), arguments);
    var restore = watched(shop.restore(), arguments);
    var rollback =
        watched(
            stack.cli().start("rollback", shop.runs().latest(), "--confirm", "shop"), arguments);
    // then
    assertThat(String.join("\n", arguments))
        .contains("pg_dump --", "pg_restore --", "-e PGPASSWORD -e PGAPPNAME")
        .doesNotContain(TestProject.PASSWORD);
    for (var ended : List.of(backup, restore, rollback)) {
      assertThat(ended.said()).doesNotContain(TestProject.PASSWORD);
    }
    var files = Stream.of(".pgrunbook", "backups", "log").map(name -> stack.folder().resolve(name));
    for (var file : files.flatMap(folder -> Folders.files(folder).stream()).toList()) {
      assertThat(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
          .as(file.toString())
          .doesNotContain(TestProject.PASSWORD);
    }
  }

  /** Notes the arguments of all processes of the machine, those in containers among them. */
  private static Ended watched(Cli.Child child, List<String> arguments) {
    var seen = new HashSet<String>();
    while (child.process().isAlive()) {
      typed(stack, "ps -eww -o args").said().lines().forEach(seen::add);
    }
    arguments.addAll(seen);
    return child.end().exits(0);
  }
}
