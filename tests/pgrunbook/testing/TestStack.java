package pgrunbook.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import pgrunbook.testing.PostgresServer.Ran;

/**
 * The project of <code>tests/stack</code> with the repository's runbooks, in a folder and a Compose
 * project of its own: PostgreSQL, and a backend that writes all the time. It takes some seconds to
 * start, so a class of tests shares one, and resets it where a test has changed something. Only for
 * tests {@link WithDocker}.
 */
public final class TestStack implements AutoCloseable {
  /** The database, and its superuser; the password is {@link TestProject#PASSWORD}. */
  public static final String DATABASE = "shop";

  private static final Path STACK = Path.of("tests/stack");
  private static final AtomicInteger NUMBERS = new AtomicInteger();
  private static final long SECONDS = Patience.seconds(60);

  /** The server with nothing but the sample database, new. */
  private static final String AFRESH =
      """
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE pid <> pg_backend_pid() AND backend_type = 'client backend';
      SELECT format('ALTER DATABASE %I IS_TEMPLATE false', datname) FROM pg_database
       WHERE datistemplate AND datname NOT LIKE 'template_' \\gexec
      SELECT format('DROP DATABASE %I WITH (FORCE)', datname) FROM pg_database
       WHERE datname NOT LIKE 'template_' AND datname <> 'postgres' \\gexec
      SELECT format('DROP OWNED BY %I', rolname) FROM pg_roles WHERE oid >= 16384 \\gexec
      SELECT format('DROP ROLE %I', rolname) FROM pg_roles WHERE oid >= 16384 \\gexec
      ALTER SYSTEM RESET ALL;
      SELECT pg_reload_conf();
      CREATE DATABASE shop;
      \\c shop
      \\i /docker-entrypoint-initdb.d/shop.sql
      """;

  private final Kind kind;
  private final Path folder;
  private final String project;
  private final int devPort;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Which of the two Compose files it is. */
  private enum Kind {
    PROD("docker-compose.prod.yml", "", "accepted.log"),
    DEV("docker-compose.dev.yml", "-dev", "accepted-dev.log");

    private final String file;
    private final String suffix;
    private final String log;

    Kind(String file, String suffix, String log) {
      this.file = file;
      this.suffix = suffix;
      this.log = log;
    }
  }

  /** A write that the database accepted, as the backend noted it outside of the database. */
  public record Accepted(Instant at, long id) {}

  private TestStack(Kind kind) {
    this.kind = kind;
    this.project = "pgrunbook-" + ProcessHandle.current().pid() + "-" + NUMBERS.incrementAndGet();
    try (var socket = new ServerSocket(0)) {
      this.folder = Files.createTempDirectory("pgrunbook-stack").toRealPath();
      this.devPort = socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    writeFiles();
  }

  /** The production project; nothing of it runs before {@link #up()}. */
  public static TestStack prod() {
    return new TestStack(Kind.PROD);
  }

  /** The development project, on a free port; nothing of it runs before {@link #up()}. */
  public static TestStack dev() {
    return new TestStack(Kind.DEV);
  }

  private void writeFiles() {
    try {
      for (var name : List.of("docker-compose.prod.yml", "docker-compose.dev.yml")) {
        Files.copy(STACK.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
      for (var name : List.of("backups", "log")) {
        Files.createDirectories(folder.resolve(name));
      }
      copyAfresh(STACK.resolve("backend"), "backend");
      copyAfresh(STACK.resolve("initdb"), "initdb");
      copyAfresh(Path.of("runbooks"), "runbooks");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    write(
        ".env",
        """
        COMPOSE_PROJECT_NAME=%s
        POSTGRES_DB=%s
        POSTGRES_USER=%s
        POSTGRES_PASSWORD=%s
        POSTGRES_IMAGE=%s
        DEV_PORT=%d
        """
            .formatted(project, DATABASE, DATABASE, TestProject.PASSWORD, Docker.IMAGE, devPort));
  }

  /** The folder itself stays: a container may have it mounted. */
  private void copyAfresh(Path from, String name) throws IOException {
    var to = Files.createDirectories(folder.resolve(name));
    empty(to);
    for (var child : children(from)) {
      Folders.copy(child, to.resolve(child.getFileName()));
    }
  }

  private static void empty(Path folder) throws IOException {
    for (var child : children(folder)) {
      Folders.delete(child);
    }
  }

  private static List<Path> children(Path folder) throws IOException {
    try (var children = Files.list(folder)) {
      return children.toList();
    }
  }

  /** Starts what does not run, as the files say now, and waits until it is healthy. */
  public TestStack up() {
    compose("up", "-d").ok();
    await("health", () -> states().stream().allMatch(TestStack::isWell));
    return this;
  }

  private static boolean isWell(String state) {
    return state.contains(" Up ") && !state.matches(".*\\((health: starting|unhealthy|Paused)\\)");
  }

  /** The services' containers, such as <code>postgres Up 3 seconds (healthy)</code>. */
  private List<String> states() {
    var format = "{{.Label \"com.docker.compose.service\"}} {{.Status}}";
    return Docker.docker("ps", "-a", "--filter", label("project", project()), "--format", format)
        .ok()
        .lines()
        .toList();
  }

  private static String label(String key, String value) {
    return "label=com.docker.compose." + key + "=" + value;
  }

  /** Waits for something; fails where it takes longer than a minute. */
  public void await(String what, BooleanSupplier happened) {
    var start = System.nanoTime();
    while (!happened.getAsBoolean()) {
      if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(SECONDS)) {
        throw new AssertionError(
            what + ": not within " + SECONDS + " s: " + states() + "\n" + logs());
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private String logs() {
    var ran = compose("logs", "--no-color", "--tail", "20");
    return ran.out() + ran.err();
  }

  /**
   * Everything as it was after the first {@link #up()}: files, databases, roles, services. Volume,
   * system identifier and containers stay, unless their part of the Compose file was changed.
   */
  public void reset() {
    unpause();
    compose("stop", "--timeout", "0", "backend");
    try {
      for (var child : children(folder)) {
        var name = child.getFileName().toString();
        if (List.of("backups", "log").contains(name)) {
          empty(child);
        } else if (!List.of("backend", "initdb").contains(name)) {
          Folders.delete(child);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    writeFiles();
    compose("up", "-d", "postgres").ok();
    await("health of postgres", () -> states().stream().anyMatch(TestStack::isWellPostgres));
    psqlIn("postgres", AFRESH);
    up();
  }

  private static boolean isWellPostgres(String state) {
    return state.startsWith("postgres ") && isWell(state);
  }

  private void unpause() {
    if (states().stream().anyMatch(state -> state.endsWith("(Paused)"))) {
      compose("unpause");
    }
  }

  public Path folder() {
    return folder;
  }

  public Path backups() {
    return folder.resolve("backups");
  }

  /** The name of the Compose project. */
  public String project() {
    return project + kind.suffix;
  }

  /** Where the development database is published on localhost. */
  public int devPort() {
    return devPort;
  }

  /** The program, started in this folder. */
  public Cli cli() {
    return new Cli(folder);
  }

  /** Runs a command of the program in this folder. */
  public Cli.Ended run(String... arguments) {
    return cli().run(arguments);
  }

  /** Runs <code>docker compose</code> for this project. */
  public Ran compose(String... arguments) {
    var options = Stream.of("-f", kind.file, "-p", project());
    return Docker.compose(
        folder, Stream.concat(options, Stream.of(arguments)).toArray(String[]::new));
  }

  /** The id of a service's container. */
  public String container(String service) {
    return Docker.docker(
            "ps",
            "-aq",
            "--filter",
            label("project", project()),
            "--filter",
            label("service", service))
        .ok()
        .strip();
  }

  /** Whether a service's container runs and is not paused. */
  public boolean isUp(String service) {
    return states().stream()
        .anyMatch(s -> s.startsWith(service + " Up ") && !s.endsWith("(Paused)"));
  }

  /** What statements yield in the database: a line for each row, columns between bars. */
  public String psql(String sql) {
    return psqlIn(DATABASE, sql);
  }

  /** The same in another database, with psql's own commands if need be. */
  public String psqlIn(String database, String sql) {
    return Docker.dockerReading(
            sql,
            "exec",
            "-i",
            "-e",
            "PGPASSWORD",
            container("postgres"),
            "psql",
            "-XAtq",
            "-v",
            "ON_ERROR_STOP=1",
            "-U",
            DATABASE,
            "-d",
            database)
        .ok()
        .strip();
  }

  /** The writes that were accepted since the last reset, oldest first. */
  public List<Accepted> accepted() {
    var log = folder.resolve("log").resolve(kind.log);
    try {
      if (!Files.exists(log)) {
        return List.of();
      }
      var text = Files.readString(log);
      return text.substring(0, text.lastIndexOf('\n') + 1).lines().map(TestStack::parsed).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Accepted parsed(String line) {
    var words = line.split(" ", -1);
    var nanos = new BigDecimal(words[0]).movePointRight(9).longValueExact();
    return new Accepted(Instant.ofEpochSecond(0, nanos), Long.parseLong(words[1]));
  }

  /** Waits until one more write has been accepted than now. */
  public void awaitWrite() {
    var before = accepted().size();
    await("a write", () -> accepted().size() > before);
  }

  /** Writes a file of the project. */
  public Path write(String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Changes a file; the text that is replaced must be there. */
  public TestStack edited(String file, String from, String to) {
    try {
      var text = Files.readString(folder.resolve(file));
      if (!text.contains(from)) {
        throw new AssertionError(file + " has no '" + from + "'");
      }
      write(file, text.replace(from, to));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes everything away, volumes included. */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    writeFiles();
    unpause();
    compose("down", "--volumes", "--remove-orphans", "--timeout", "0").ok();
    Folders.delete(folder);
  }
}
