package pgrunbook.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real PostgreSQL cluster of its own for tests: started once per JVM, on a free port, as an
 * unprivileged user, and stopped with the JVM. The programs come from <code>PG_BIN</code>, else
 * from the newest version under /usr/lib/postgresql.
 */
public final class PostgresServer {
  private static final String USER = "postgres";
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static final long SECONDS = 120;

  private final Path folder;
  private int port;

  private PostgresServer(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  private static final class Holder {
    private static final PostgresServer SHARED = start();
  }

  /** What a program printed, and how it ended. */
  public record Ran(int exit, String out, String err) {
    /** Its output, where it went well. */
    public String ok() {
      if (exit != 0) {
        throw new AssertionError("exit code " + exit + ": " + err);
      }
      return out;
    }
  }

  /** The cluster of this JVM. */
  public static PostgresServer shared() {
    return Holder.SHARED;
  }

  /** One more cluster, which is stopped with the JVM, too. */
  public static PostgresServer another() {
    return start();
  }

  /** Everything that it has logged. */
  public String log() throws IOException {
    return text(folder.resolve("log"));
  }

  public int port() {
    return port;
  }

  /** A superuser, trusted without a password from 127.0.0.1. */
  public String user() {
    return USER;
  }

  public String url(String database) {
    var name = URLEncoder.encode(database, StandardCharsets.UTF_8);
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + name + "?user=" + USER;
  }

  public Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(url(database));
  }

  /** A new, empty database; the name is made unique by a number behind the prefix. */
  public String createDatabase(String prefix) throws SQLException {
    var name = prefix + "_" + NAMES.incrementAndGet();
    execute("postgres", "CREATE DATABASE \"" + name + "\" TEMPLATE template0");
    return name;
  }

  /** Runs SQL, several statements if need be. */
  public void execute(String database, String sql) throws SQLException {
    try (var connection = connect(database);
        var statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }

  /** Runs SQL with psql, which reads what JDBC can't: COPY data, BEGIN ATOMIC. */
  public void script(String database, String sql) throws IOException, InterruptedException {
    var file = Files.createTempFile("pgrunbook", ".sql");
    try {
      Files.writeString(file, sql);
      runWithInput(file, "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", database).ok();
    } finally {
      Files.delete(file);
    }
  }

  /** Runs a client program such as pg_dump against this cluster, as the user of this JVM. */
  public Ran run(String program, String... args) throws IOException, InterruptedException {
    return run(Optional.empty(), program, args);
  }

  /** The same, with a file as its standard input. */
  public Ran runWithInput(Path input, String program, String... args)
      throws IOException, InterruptedException {
    return run(Optional.of(input), program, args);
  }

  private Ran run(Optional<Path> input, String program, String... args)
      throws IOException, InterruptedException {
    var out = Files.createTempFile("pgrunbook", ".out");
    var err = Files.createTempFile("pgrunbook", ".err");
    try {
      var builder = command(program, args).redirectOutput(out.toFile()).redirectError(err.toFile());
      input.ifPresent(file -> builder.redirectInput(file.toFile()));
      var process = builder.start();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(program + " took longer than " + SECONDS + " s");
      }
      return new Ran(process.exitValue(), text(out), text(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  /** A client program, ready to start, that finds this cluster in its environment. */
  public ProcessBuilder command(String program, String... args) {
    var line = new ArrayList<>(List.of(bin().resolve(program).toString()));
    line.addAll(List.of(args));
    var builder = new ProcessBuilder(line);
    var environment = builder.environment();
    environment.put("PGHOST", "127.0.0.1");
    environment.put("PGPORT", Integer.toString(port));
    environment.put("PGUSER", USER);
    environment.put("LC_ALL", "C.UTF-8");
    return builder;
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  /** Where one of the programs of its version is. */
  public Path program(String name) {
    return bin().resolve(name);
  }

  private static Path bin() {
    return Optional.ofNullable(System.getenv("PG_BIN")).map(Path::of).orElseGet(() -> newest());
  }

  private static Path newest() {
    try (var versions = Files.list(Path.of("/usr/lib/postgresql"))) {
      return versions
          .filter(version -> Files.isExecutable(version.resolve("bin").resolve("initdb")))
          .max(Comparator.comparing(version -> Integer.valueOf(version.getFileName().toString())))
          .map(version -> version.resolve("bin"))
          .orElseThrow(() -> new IllegalStateException("no initdb; set PG_BIN"));
    } catch (IOException e) {
      throw new UncheckedIOException("no PostgreSQL programs found; set PG_BIN", e);
    }
  }

  /** Listens on another port from now on. */
  public void moveTo(int other) throws IOException, InterruptedException {
    control("-m", "fast", "stop");
    port = other;
    control("-l", folder.resolve("log").toString(), "-o", options(), "-t", "60", "start");
  }

  private void control(String... arguments) throws IOException, InterruptedException {
    var line = new ArrayList<>(List.of("-D", folder.resolve("data").toString(), "-w"));
    line.addAll(List.of(arguments));
    asServer("pg_ctl", line.toArray(String[]::new));
  }

  private static PostgresServer start() {
    try {
      var folder = Files.createTempDirectory("pgrunbook-pg");
      var server = new PostgresServer(folder, freePort());
      Runtime.getRuntime().addShutdownHook(new Thread(server::stop));
      server.launch();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private void launch() throws IOException, InterruptedException {
    if (isRoot()) {
      asHere("chown", USER, folder.toString());
    }
    var data = folder.resolve("data").toString();
    asServer(
        "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N");
    control("-l", folder.resolve("log").toString(), "-o", options(), "-t", "60", "start");
  }

  /**
   * Without autovacuum: its statistics would count as writes between a safety backup and a drop.
   */
  private String options() {
    return "-c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off -c autovacuum=off"
        + " -c max_prepared_transactions=5 -c wal_level=logical -c port=%d -k %s"
            .formatted(port, folder);
  }

  /** Ends it and takes its files away. */
  public void stop() {
    try {
      var data = folder.resolve("data");
      if (Files.exists(data.resolve("postmaster.pid"))) {
        asServer("pg_ctl", "-D", data.toString(), "-m", "immediate", "-w", "stop");
      }
      asHere("rm", "-rf", folder.toString());
    } catch (IOException | IllegalStateException e) {
      System.err.println("test cluster not stopped: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void asServer(String program, String... args) throws IOException, InterruptedException {
    var line = new ArrayList<String>();
    if (isRoot()) {
      line.addAll(List.of("setpriv", "--reuid", USER, "--regid", USER, "--init-groups"));
    }
    line.add(bin().resolve(program).toString());
    line.addAll(List.of(args));
    asHere(line.toArray(String[]::new));
  }

  private void asHere(String... line) throws IOException, InterruptedException {
    var log = Files.createTempFile("pgrunbook", ".log");
    try {
      var process =
          new ProcessBuilder(line)
              .directory(Path.of("/").toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException(String.join(" ", line) + ": " + text(log));
      }
    } finally {
      Files.delete(log);
    }
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
