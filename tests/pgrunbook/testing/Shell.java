package pgrunbook.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import pgrunbook.testing.Cli.Ended;

/** The program among others: in a pipe, or behind a terminal that somebody types into. */
public final class Shell {
  private static final long SECONDS = Patience.seconds(60);

  private final Path folder;

  /** Started in that folder, which is also the home. */
  public Shell(Path folder) {
    this.folder = folder;
  }

  private ProcessBuilder builder(List<String> line) {
    var java = Path.of(System.getProperty("java.home"), "bin", "java");
    var program =
        "%s -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp %s %s"
            .formatted(java, System.getProperty("java.class.path"), ChildMain.class.getName());
    var builder = new ProcessBuilder(line).directory(folder.toFile());
    var environment = builder.environment();
    environment.keySet().removeIf(name -> name.matches("(PG|POSTGRES_|COMPOSE_|NO_COLOR|PSQL).*"));
    environment.put("RUNBOOK", program);
    environment.put("TERM", "xterm");
    environment.put("PAGER", "cat");
    environment.put("HOME", folder.toString());
    return builder;
  }

  /** Runs a script in which $RUNBOOK is the program. */
  public Ended run(String script) {
    try {
      var out = Files.createTempFile("pgrunbook", ".out");
      var err = Files.createTempFile("pgrunbook", ".err");
      var process =
          builder(List.of("bash", "-o", "pipefail", "-c", script))
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("not over within " + SECONDS + " s: " + Files.readString(err));
      }
      var ended = new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
      Files.delete(out);
      Files.delete(err);
      return ended;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Starts the program with those arguments at a terminal of its own. */
  public Person atTerminal(String arguments) {
    try {
      var said = Files.createTempFile("pgrunbook", ".tty");
      var line = List.of("script", "-qefc", "exec $RUNBOOK " + arguments, "/dev/null");
      var process = builder(line).redirectErrorStream(true).redirectOutput(said.toFile()).start();
      return new Person(process, said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Somebody at a terminal, and everything that came up there. */
  public record Person(Process process, Path file) {
    /** Types this as it is. */
    public Person types(String text) {
      try {
        process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        return this;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    public Person pressesControlC() {
      return types("\u0003");
    }

    /** Waits until that has come up so many times. */
    public Person sees(String text, int times) {
      var start = System.nanoTime();
      while (screen().split(java.util.regex.Pattern.quote(text), -1).length <= times) {
        if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError("'" + text + "' did not come up:\n" + screen());
        }
        Cli.pause();
      }
      return this;
    }

    public Person sees(String text) {
      return sees(text, 1);
    }

    public String said() {
      return screen();
    }

    private String screen() {
      try {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Waits for the program's end. */
    public Ended end() {
      try {
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError("not over within " + SECONDS + " s:\n" + screen());
        }
        var ended = new Ended(process.exitValue(), screen(), "");
        Files.delete(file);
        return ended;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
