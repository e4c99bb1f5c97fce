package pgrunbook.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import pgrunbook.testing.PostgresServer.Ran;

/** Runs Docker's own programs. */
public final class Docker {
  /** What the stack's containers are made of. */
  public static final String IMAGE =
      Optional.ofNullable(System.getenv("POSTGRES_IMAGE")).orElse("pgvector/pgvector:pg17");

  /** By systemd, or, where somebody started it by hand, by its process id. */
  private static final String RESTART =
      """
      sudo=; [ "$(id -u)" = 0 ] || sudo='sudo -n'
      if systemctl is-active --quiet docker 2>/dev/null; then exec $sudo systemctl restart docker; fi
      pid=$(cat /var/run/docker.pid) || exit 1
      command=$(tr '\\0' ' ' < "/proc/$pid/cmdline")
      $sudo kill "$pid"
      while [ -e "/proc/$pid" ]; do sleep 0.1; done
      $sudo setsid nohup $command >/dev/null 2>&1 </dev/null &
      """;

  private static final Path HERE = Path.of("").toAbsolutePath();
  private static final String UNSET = "(PG|POSTGRES_|COMPOSE_).*";
  private static final long SECONDS = Patience.seconds(120);

  private Docker() {}

  private static final class Found {
    private static final List<String> COMPOSE =
        runs("docker", "compose", "version")
            ? List.of("docker", "compose")
            : List.of("docker-compose");
    private static final Optional<String> MISSING = look();

    private static Optional<String> look() {
      if (!runs("docker", "version")) {
        return Optional.of("no Docker engine answers");
      }
      if (!runs("docker", "compose", "version") && !runs("docker-compose", "version")) {
        return Optional.of("Docker has no Compose");
      }
      return runs("docker", "image", "inspect", IMAGE)
          ? Optional.empty()
          : Optional.of("Docker has no image " + IMAGE);
    }

    private static boolean runs(String... line) {
      return run(HERE, "", line).exit() == 0;
    }
  }

  /** What is not here of all that a stack needs. */
  public static Optional<String> missing() {
    return Found.MISSING;
  }

  /** Runs <code>docker</code> with those arguments. */
  public static Ran docker(String... arguments) {
    return run(HERE, "", line(List.of("docker"), arguments));
  }

  /** Runs Compose v2, or v1 where there is no other, in a project's folder. */
  public static Ran compose(Path folder, String... arguments) {
    return run(folder, "", line(Found.COMPOSE, arguments));
  }

  /** Runs <code>docker</code> with a text as its standard input. */
  static Ran dockerReading(String input, String... arguments) {
    return run(HERE, input, line(List.of("docker"), arguments));
  }

  /**
   * Restarts the engine, and waits until it answers. Other people's containers on this machine
   * would not like it: only in CI, or where PGRUNBOOK_RESTART_DOCKER is set.
   */
  public static void restartEngine() {
    var allowed = System.getenv("CI") != null || System.getenv("PGRUNBOOK_RESTART_DOCKER") != null;
    Assumptions.assumeTrue(allowed, "PGRUNBOOK_RESTART_DOCKER is not set");
    run(HERE, "", "sh", "-c", RESTART).ok();
    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (docker("version").exit() != 0) {
      if (System.nanoTime() > end) {
        throw new AssertionError("the Docker engine is not back");
      }
    }
  }

  private static String[] line(List<String> program, String... arguments) {
    return Stream.concat(program.stream(), Stream.of(arguments)).toArray(String[]::new);
  }

  private static Ran run(Path folder, String input, String... line) {
    try {
      var files = Files.createTempDirectory("pgrunbook-docker");
      try {
        return run(files, builder(folder, line), input);
      } finally {
        Folders.delete(files);
      }
    } catch (IOException e) {
      return new Ran(127, "", e.toString()); // the program is not here
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static ProcessBuilder builder(Path folder, String... line) {
    var builder = new ProcessBuilder(line).directory(folder.toFile());
    builder.environment().keySet().removeIf(name -> name.matches(UNSET));
    builder.environment().put("PGPASSWORD", TestProject.PASSWORD); // for exec -e PGPASSWORD
    return builder;
  }

  private static Ran run(Path files, ProcessBuilder builder, String input)
      throws IOException, InterruptedException {
    var in = Files.writeString(files.resolve("in"), input);
    var out = files.resolve("out");
    var err = files.resolve("err");
    var process =
        builder
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(builder.command() + " took longer than " + SECONDS + " s");
    }
    return new Ran(process.exitValue(), text(out), text(err));
  }

  private static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
