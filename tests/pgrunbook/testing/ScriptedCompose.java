package pgrunbook.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import pgrunbook.compose.ComposeView;
import pgrunbook.process.ChildCommand;
import pgrunbook.process.Deadline;
import pgrunbook.service.ServiceFailed;
import pgrunbook.service.ServiceState;
import pgrunbook.service.Services;
import pgrunbook.service.Verb;

/**
 * A Compose project behind a real script, which imitates Compose and notes the services' states in
 * files and its calls in another. Programs of <code>exec</code> run on this machine. Its services
 * are postgres, which runs, backend and worker, which do not.
 */
public final class ScriptedCompose implements ComposeView {
  private static final List<String> SERVICES = List.of("backend", "postgres", "worker");

  private static final String SCRIPT =
      """
      #!/bin/sh
      here=$(dirname "$0")
      echo "$*" >> "$here/calls"
      if [ -e "$here/broken" ]; then
        echo " Container backend  Creating" >&2
        echo "Error response from daemon: no space left on device" >&2
        exit 1
      fi
      verb=$1; shift
      case $verb in
        exec)
          while :; do
            case $1 in
              -T) shift ;;
              --user) who=$2; shift 2 ;;
              --workdir) where=$2; shift 2 ;;
              --env) shift 2 ;;
              *) break ;;
            esac
          done
          service=$1; shift
          if [ ! -e "$here/$service.up" ]; then
            echo "service \\"$service\\" is not running" >&2; exit 1
          fi
          if [ "$where" ]; then cd "$where" || exit 126; fi
          if ! command -v "$1" >/dev/null; then
            printf 'OCI runtime exec failed: exec failed: unable to start container process: '
            printf 'exec: "%s": executable file not found in $PATH: unknown\\n' "$1"
            exit 126
          fi
          [ -e "$here/cut" ] && exit 0
          exec "$@" ;;
        up)
          while [ "${1#-}" != "$1" ]; do shift; done
          for service in ${*:-backend postgres worker}; do
            rm -f "$here/$service.partly"
            touch "$here/$service.up"
            echo " Container $service  Started" >&2
          done ;;
        rm)
          while [ "${1#-}" != "$1" ]; do shift; done
          for service in "$@"; do
            rm -f "$here/$service.up" "$here/$service.partly"
            echo " Container $service  Removed" >&2
          done ;;
      esac
      """;

  private final Path folder;

  /** Keeps everything in that folder, which is made. */
  public ScriptedCompose(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
      var script = Files.writeString(folder.resolve("compose"), SCRIPT);
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    up("postgres");
  }

  @Override
  public List<String> services() {
    return SERVICES;
  }

  @Override
  public String postgresService() {
    return "postgres";
  }

  @Override
  public ChildCommand command(List<String> arguments) {
    var words = new ArrayList<>(List.of("./compose"));
    words.addAll(arguments);
    return ChildCommand.of(words).in(folder);
  }

  @Override
  public boolean simulated() {
    return false;
  }

  /** Its services; to start or stop one is noted among the calls, unless it is so already. */
  public Services states() {
    return new States();
  }

  public ScriptedCompose up(String service) {
    delete(service + ".partly");
    return note(service + ".up", "");
  }

  public ScriptedCompose down(String service) {
    delete(service + ".partly");
    return delete(service + ".up");
  }

  /** It neither runs nor is it stopped. */
  public ScriptedCompose partly(String service, String what) {
    return note(service + ".partly", what);
  }

  /** Nobody can tell whether it runs. */
  public ScriptedCompose unclear(String service) {
    return note(service + ".unclear", "");
  }

  /** Every command fails. */
  public ScriptedCompose broken() {
    return note("broken", "");
  }

  /** From now on exec ends well at once, as when its connection is cut. */
  public ScriptedCompose cut() {
    return note("cut", "");
  }

  public boolean isUp(String service) {
    return has(service + ".up");
  }

  /** What Compose was called with, and what was started or stopped, in that order. */
  public List<String> calls() {
    return has("calls") ? read("calls").lines().toList() : List.of();
  }

  private boolean has(String name) {
    return Files.exists(folder.resolve(name));
  }

  private String read(String name) {
    try {
      return Files.readString(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ScriptedCompose note(String name, String text) {
    try {
      Files.writeString(folder.resolve(name), text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ScriptedCompose delete(String name) {
    try {
      Files.deleteIfExists(folder.resolve(name));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final class States implements Services {
    @Override
    public List<String> names() {
      return SERVICES;
    }

    @Override
    public ServiceState state(String service) {
      if (has(service + ".unclear")) {
        return new ServiceState.Unknown("no answer");
      } else if (has(service + ".partly")) {
        return new ServiceState.Partly(read(service + ".partly"));
      }
      return isUp(service) ? new ServiceState.Running() : new ServiceState.Stopped();
    }

    @Override
    public String detail(String service) {
      return state(service) instanceof ServiceState.Running ? "healthy, restart: always" : "";
    }

    @Override
    public String shown(String service, Verb verb) {
      return "compose " + verb.name().toLowerCase(Locale.ROOT) + " " + service;
    }

    @Override
    public boolean simulated() {
      return false;
    }

    @Override
    public void start(String service, Deadline deadline) throws ServiceFailed {
      if (!(state(service) instanceof ServiceState.Running)) {
        act("start", service);
        up(service);
      }
    }

    @Override
    public void stop(String service, Deadline deadline) throws ServiceFailed {
      if (!(state(service) instanceof ServiceState.Stopped)) {
        act("stop", service);
        down(service);
      }
    }

    private void act(String verb, String service) throws ServiceFailed {
      if (has("broken")) {
        throw new ServiceFailed("cannot " + verb + " service '" + service + "'", "try by hand");
      }
      var all = new ArrayList<>(calls());
      all.add(verb + " " + service);
      note("calls", String.join("\n", all) + "\n");
    }
  }
}
