package pgrunbook.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Runs the program in child processes, so that it can be killed, interrupted and timed. */
public final class Cli {
  private static final long SECONDS = Patience.seconds(90);
  private static final String UNSET =
      "(PG|POSTGRES_|COMPOSE_|JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS).*";

  private final Path folder;
  private final Map<String, String> variables;
  private final List<String> before;

  /** Started in that folder, with nobody at the keyboard. */
  public Cli(Path folder) {
    this(folder, Map.of(), List.of());
  }

  private Cli(Path folder, Map<String, String> variables, List<String> before) {
    this.folder = folder;
    this.variables = Map.copyOf(variables);
    this.before = List.copyOf(before);
  }

  /** The same with one more variable of its environment. */
  public Cli with(String name, String value) {
    var all = new HashMap<>(variables);
    all.put(name, value);
    return new Cli(folder, all, before);
  }

  /** The same, started by another program, such as a tracer. */
  public Cli under(String... program) {
    return new Cli(folder, variables, List.of(program));
  }

  /** The same as another user of this machine, who may read what root may; only root can do so. */
  public Cli as(String user) {
    var line = new ArrayList<>(List.of("setpriv", "--reuid", user, "--regid", user));
    line.addAll(List.of("--clear-groups", "--inh-caps", "+dac_read_search"));
    line.addAll(List.of("--ambient-caps", "+dac_read_search"));
    return new Cli(folder, variables, line);
  }

  /** How a command ended, and what it said. */
  public record Ended(int exit, String out, String err) {
    /** Both streams, for messages of tests and for searching. */
    public String said() {
      return out + err;
    }

    /** Itself, where it ended so; else the test fails with everything that was said. */
    public Ended exits(int expected) {
      if (exit != expected) {
        throw new AssertionError("exit code " + exit + ", expected " + expected + ":\n" + said());
      }
      return this;
    }
  }

  /** Runs a command to its end. */
  public Ended run(String... arguments) {
    return start(arguments).end();
  }

  /** Starts a command. */
  public Child start(String... arguments) {
    var line = new ArrayList<>(before);
    line.addAll(
        List.of(
            "env",
            "--default-signal=INT,HUP,TERM", // a shell in the background has them ignored
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx96m", // as the launcher has it
            "-Xmn12m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            ChildMain.class.getName()));
    line.addAll(List.of(arguments));
    try {
      var out = Files.createTempFile("pgrunbook", ".out");
      var err = Files.createTempFile("pgrunbook", ".err");
      var builder =
          new ProcessBuilder(line)
              .directory(folder.toFile())
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().keySet().removeIf(name -> name.matches(UNSET));
      builder.environment().putAll(variables);
      return new Child(builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A command at work. */
  public record Child(Process process, Path out, Path err) {
    /** Waits for something that the command does; fails where it ends before that. */
    public Child until(String what, BooleanSupplier happened) {
      var start = System.nanoTime();
      while (!happened.getAsBoolean()) {
        var alive = process.isAlive();
        if (!alive && !happened.getAsBoolean()) {
          throw new AssertionError(
              what + ": exit code " + process.exitValue() + " before it:\n" + end().said());
        }
        if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(SECONDS)) {
          kill();
          throw new AssertionError(what + ": not within " + SECONDS + " s:\n" + end().said());
        }
        pause();
      }
      return this;
    }

    /** Everything it has said so far. */
    public String said() {
      return text(out) + text(err);
    }

    /** All child processes of the command, their own included. */
    public List<ProcessHandle> children() {
      return process.descendants().toList();
    }

    /** SIGKILL; what it has started is not touched. */
    public Ended kill() {
      process.destroyForcibly();
      return end();
    }

    /** Sends it a signal: INT, TERM, HUP. */
    public Child signal(String name) {
      try {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
        return this;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Waits for its end. */
    public Ended end() {
      try {
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError("not over within " + SECONDS + " s:\n" + said());
        }
        var ended = new Ended(process.exitValue(), text(out), text(err));
        Files.deleteIfExists(out);
        Files.deleteIfExists(err);
        return ended;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static String text(Path file) {
    try {
      return Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void pause() {
    try {
      Thread.sleep(2);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
