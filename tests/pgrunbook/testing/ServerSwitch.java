package pgrunbook.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Turns the test cluster off and on again; it keeps its port. */
public final class ServerSwitch {
  private final Path data;
  private final Path program;
  private final String options;

  private ServerSwitch(Path data, Path program, String options) {
    this.data = data;
    this.program = program;
    this.options = options;
  }

  /** The switch of the running cluster. */
  public static ServerSwitch find() {
    var data = Path.of(Databases.column("postgres", "SHOW data_directory").getFirst());
    try {
      var line = Files.readString(data.resolve("postmaster.opts")).strip();
      var space = line.indexOf(' ');
      return new ServerSwitch(data, Path.of(line.substring(0, space)), line.substring(space + 1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void off() {
    off("fast");
  }

  /** The same in one of pg_ctl's ways: <code>immediate</code> is a crash. */
  public void off(String mode) {
    control("-m", mode, "stop");
  }

  public void on() {
    var log = data.resolveSibling("log").toString();
    control("-l", log, "-o", options, "start");
  }

  private void control(String... arguments) {
    var line = new ArrayList<String>();
    if ("root".equals(System.getProperty("user.name"))) {
      line.addAll(
          List.of("setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups"));
    }
    line.addAll(List.of(program.resolveSibling("pg_ctl").toString(), "-w", "-D", data.toString()));
    line.addAll(List.of(arguments));
    try {
      var nothing = ProcessBuilder.Redirect.DISCARD;
      var process =
          new ProcessBuilder(line)
              .directory(Path.of("/").toFile())
              .redirectOutput(nothing)
              .redirectError(nothing)
              .start();
      if (process.waitFor() != 0) {
        throw new IllegalStateException(String.join(" ", line) + ": " + process.exitValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
