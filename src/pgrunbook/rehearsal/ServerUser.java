package pgrunbook.rehearsal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgrunbook.process.ChildCommand;
import pgrunbook.process.Deadline;
import pgrunbook.process.OutputSink;
import pgrunbook.process.Processes;
import pgrunbook.text.Refused;

/**
 * Whom the server runs as: whoever runs this program, or, because PostgreSQL refuses root, somebody
 * without privileges.
 *
 * @param other empty where it is the same user
 * @param way what stands before a command, so that the other user runs it
 */
record ServerUser(Optional<UserPrincipal> other, List<String> way) {
  private static final String HINT =
      "run this as an ordinary user, or let there be a user postgres, and one of setpriv, runuser,"
          + " gosu, su-exec and su";

  ServerUser {
    way = List.copyOf(way);
  }

  /** This process's own user, or another one where a folder that it has just made is root's. */
  static ServerUser choose(Path folder, Processes processes)
      throws IOException, InterruptedException {
    if (!Files.getAttribute(folder, "unix:uid").equals(0)) {
      return new ServerUser(Optional.empty(), List.of());
    }
    for (var name : List.of("postgres", "nobody")) {
      var principal = lookUp(folder, name);
      if (principal.isPresent()) {
        return new ServerUser(principal, way(name, processes));
      }
    }
    throw new Refused("PostgreSQL does not run as root, and there is no user postgres", HINT);
  }

  /** The command that runs this one as the user; the program's path is absolute. */
  List<String> argv(List<String> command) {
    return plus(way, command);
  }

  /** Gives a file or folder to the user. */
  void own(Path file) throws IOException {
    if (other.isPresent()) {
      Files.setOwner(file, other.get());
    }
  }

  String name() {
    return other.map(UserPrincipal::getName).orElseGet(() -> System.getProperty("user.name"));
  }

  private static Optional<UserPrincipal> lookUp(Path folder, String name) throws IOException {
    try {
      var users = folder.getFileSystem().getUserPrincipalLookupService();
      return Optional.of(users.lookupPrincipalByName(name));
    } catch (UserPrincipalNotFoundException _) {
      return Optional.empty();
    }
  }

  /** The first way that works here: no program for this is everywhere, and makes differ. */
  private static List<String> way(String user, Processes processes) throws InterruptedException {
    List<List<String>> ways = new ArrayList<>();
    List<String> group = new ArrayList<>();
    if (succeeds(processes, List.of("id", "-g", user), group::add) && !group.isEmpty()) {
      var gid = group.getFirst().strip();
      ways.add(List.of("setpriv", "--reuid", user, "--regid", gid, "--init-groups", "--"));
    }
    ways.add(List.of("runuser", "-u", user, "--"));
    ways.add(List.of("gosu", user));
    ways.add(List.of("su-exec", user));
    ways.add(List.of("su", "-s", "/bin/sh", "-c", "exec \"$@\"", user, "--", "sh"));
    var proof = List.of("/bin/sh", "-c", "test \"$(id -u)\" != 0");
    for (var way : ways) {
      if (succeeds(processes, plus(way, proof), OutputSink.none())) {
        return way;
      }
    }
    throw new Refused("PostgreSQL does not run as root, and becoming " + user + " failed", HINT);
  }

  private static boolean succeeds(Processes processes, List<String> argv, OutputSink out)
      throws InterruptedException {
    try {
      var command = ChildCommand.of(argv).in(Path.of("/"));
      return processes
          .run(command, out, OutputSink.none(), Deadline.in(Duration.ofSeconds(20)))
          .succeeded();
    } catch (IOException _) {
      return false; // there is no such program
    }
  }

  private static List<String> plus(List<String> first, List<String> second) {
    List<String> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
