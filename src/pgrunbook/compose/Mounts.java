package pgrunbook.compose;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import pgrunbook.compose.Container.Mount;
import pgrunbook.postgres.Unreachable;

/**
 * Which of this machine's files a container sees, and where. A mount says what its source is called
 * on the machine of the engine, which may be another one: so each file is compared with what the
 * container says about it.
 *
 * @param user <code>UID:GID</code> who is to read or write it there
 * @param named a folder, and where the operator says that the container has it
 * @param known what was found to be the same, in which container: it is asked once
 */
record Mounts(Inside inside, Docker docker, String user, Optional<Mount> named, Set<String> known) {
  private static final String LOOK =
      "if [ \"$2\" = read ]; then test -r \"$1\"; else test -w \"$1\"; fi"
          + " && { [ ! -d \"$1\" ] || test -x \"$1\"; } && stat -c '%s %Y' \"$1\"";

  Mounts(Inside inside, Docker docker, String user, Optional<Mount> named) {
    this(inside, docker, user, named, ConcurrentHashMap.newKeySet());
  }

  /**
   * The path inside of a file or folder; one that is not there yet is placed by its folder.
   *
   * @param write whether it is to be written there, or only read
   */
  Optional<String> seen(Path file, boolean write) {
    try {
      var there = existing(file.toAbsolutePath().normalize());
      var writes = write || !Files.exists(file, LinkOption.NOFOLLOW_LINKS);
      var container = inside.container();
      for (var mount : mounts(container)) {
        var inside = place(there, mount);
        if (inside.isPresent()
            && (!writes || mount.writable())
            && same(there, writes, inside.get(), container)) {
          var rest = there.relativize(file.toAbsolutePath().normalize()).toString();
          return Optional.of(rest.isEmpty() ? inside.get() : inside.get() + "/" + rest);
        }
      }
      return Optional.empty();
    } catch (IOException _) {
      return Optional.empty(); // whoever uses the container will hear why
    }
  }

  private static Path existing(Path file) {
    var at = file;
    while (!Files.exists(at) && at.getParent() != null) {
      at = at.getParent();
    }
    return at;
  }

  /** The longest first: it hides what others would show at its place. */
  private List<Mount> mounts(Container container) {
    var all = new ArrayList<Mount>();
    named.ifPresent(all::add);
    container.mounts().stream()
        .sorted(Comparator.comparingInt((Mount mount) -> mount.source().length()).reversed())
        .forEach(all::add);
    return all;
  }

  private static Optional<String> place(Path file, Mount mount) {
    var source = Path.of(mount.source());
    try {
      var from = source.toRealPath();
      var real = file.toRealPath();
      if (!real.startsWith(from)) {
        return Optional.empty();
      }
      var rest = from.relativize(real).toString();
      return Optional.of(
          rest.isEmpty()
              ? mount.destination()
              : mount.destination().replaceAll("/$", "") + "/" + rest);
    } catch (IOException _) {
      return Optional.empty(); // the source is on another machine
    }
  }

  private boolean same(Path here, boolean write, String there, Container container)
      throws IOException {
    var argv = List.of("sh", "-c", LOOK, "look", there, write ? "write" : "read");
    var options = List.of("--user", user);
    var seconds = Files.getLastModifiedTime(here).toInstant().getEpochSecond();
    var size = Files.isDirectory(here) ? "\\d+" : Long.toString(Files.size(here));
    var question = String.join("\n", container.id(), there, argv.getLast(), size, "" + seconds);
    if (known.contains(question)) {
      return true;
    }
    try {
      var said = docker.lines(inside.exec(options, options, argv));
      var same = said.size() == 1 && said.getFirst().matches(size + " " + seconds);
      if (same) {
        known.add(question);
      }
      return same;
    } catch (Unreachable _) {
      return false;
    }
  }
}
