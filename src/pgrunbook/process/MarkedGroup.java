package pgrunbook.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A group and those of its members' children that have left it, by setsid or as daemons do: they
 * are known by a variable that they have inherited. Who has thrown away its environment, or belongs
 * to another user by now, is not found.
 */
record MarkedGroup(ProcessGroup group, String variable) implements ProcessGroup {
  private static final Path PROC = Path.of("/proc");

  @Override
  public void terminate() {
    var strays = strays(); // who is asked to end may take others along before they are found
    group.terminate();
    strays.forEach(ProcessHandle::destroy);
  }

  @Override
  public void kill() {
    group.kill();
    strays().forEach(ProcessHandle::destroyForcibly);
  }

  @Override
  public boolean isAlive() {
    return group.isAlive() || !strays().isEmpty();
  }

  private List<ProcessHandle> strays() {
    var found = new ArrayList<ProcessHandle>();
    try (var folders = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (var folder : folders) {
        if (isMarked(folder)) {
          ProcessHandle.of(Long.parseLong(folder.getFileName().toString())).ifPresent(found::add);
        }
      }
      return found;
    } catch (IOException _) {
      return found; // no such folder: only the group is known
    }
  }

  /** proc(5): <code>NAME=value</code>, each with a NUL behind it; nothing of what has ended. */
  private boolean isMarked(Path folder) {
    try {
      var environment = Files.readString(folder.resolve("environ"), StandardCharsets.ISO_8859_1);
      return ("\0" + environment).contains("\0" + variable + "\0");
    } catch (IOException _) {
      return false; // somebody else's, or it ended meanwhile
    }
  }
}
