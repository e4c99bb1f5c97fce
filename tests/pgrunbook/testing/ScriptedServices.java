package pgrunbook.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import pgrunbook.process.Children;
import pgrunbook.process.OutputSink;
import pgrunbook.service.CommandMaintenance;
import pgrunbook.service.CommandRunner;
import pgrunbook.service.CommandServices;
import pgrunbook.service.Commands;
import pgrunbook.service.Maintenance;
import pgrunbook.service.Services;
import pgrunbook.text.Masking;

/** Services and a maintenance mode behind a real script, which notes its state in files. */
public final class ScriptedServices {
  private static final String SCRIPT =
      """
      #!/bin/sh
      cd "$(dirname "$0")" || exit 1
      if [ -e "$2.broken" ] && [ "$1" != check ]; then echo "cannot $1 $2" >&2; exit 7; fi
      case $1 in
        start) touch "$2.up"; echo "$1 $2" >> calls ;;
        stop) rm -f "$2.up"; echo "$1 $2" >> calls ;;
        check)
          if [ -e "$2.unclear" ]; then echo "no answer" >&2; exit 9; fi
          if [ -e "$2.up" ]; then exit 0; else exit 3; fi ;;
      esac
      """;

  private final Path folder;

  /** Writes the script into the folder; all services are stopped at first. */
  public ScriptedServices(Path folder) {
    this.folder = folder;
    var script = folder.resolve("service.sh");
    try {
      Files.writeString(script, SCRIPT);
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Services services(String... names) {
    Map<String, Commands> commands = new LinkedHashMap<>();
    for (var name : names) {
      commands.put(
          name, new Commands(argv("stop", name), argv("start", name), argv("check", name)));
    }
    return new CommandServices(commands, runner());
  }

  /** On while the service <code>maintenance</code> is up. */
  public Maintenance maintenance() {
    var name = "maintenance";
    return new CommandMaintenance(
        argv("start", name), argv("stop", name), argv("check", name), runner());
  }

  private CommandRunner runner() {
    return new CommandRunner(new Children(), folder, Masking.NONE, OutputSink.none());
  }

  private static List<String> argv(String verb, String service) {
    return List.of("./service.sh", verb, service);
  }

  public ScriptedServices up(String service) {
    return note(service + ".up");
  }

  public ScriptedServices down(String service) {
    try {
      Files.deleteIfExists(folder.resolve(service + ".up"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** Its commands fail. */
  public ScriptedServices broken(String service) {
    return note(service + ".broken");
  }

  /** Its check gives no answer. */
  public ScriptedServices unclear(String service) {
    return note(service + ".unclear");
  }

  private ScriptedServices note(String file) {
    try {
      Files.writeString(folder.resolve(file), "");
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public boolean isUp(String service) {
    return Files.exists(folder.resolve(service + ".up"));
  }

  /** What was started and stopped, in that order. */
  public List<String> calls() {
    var calls = folder.resolve("calls");
    try {
      return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
