package pgrunbook.rehearsal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgrunbook.compose.Docker;
import pgrunbook.postgres.Unreachable;

/** Scratch containers whose makers were killed before they could close them. */
final class StaleContainers {
  private static final String PID = "pgrunbook.maker.pid";
  private static final String STARTED = "pgrunbook.maker.started";
  private static final String MACHINE = "pgrunbook.maker.machine";
  private static final String USER = "pgrunbook.maker.user";
  private static final String SEPARATOR = "\t";
  private static final String FORMAT =
      "{{.Names}}\t{{.Label \"%s\"}}\t{{.Label \"%s\"}}\t{{.Label \"%s\"}}"
          .formatted(PID, STARTED, MACHINE);

  private StaleContainers() {}

  /** What tells a later rehearsal who made a container. */
  static List<String> labels(Maker maker) {
    return List.of(
        PID + "=" + maker.pid(),
        STARTED + "=" + maker.started(),
        MACHINE + "=" + maker.machine(),
        USER + "=" + user());
  }

  static List<String> remove(Docker docker) throws InterruptedException {
    List<String> removed = new ArrayList<>();
    for (var name : find(docker)) {
      try {
        ContainerRemoval.remove(docker, name);
        removed.add(name);
      } catch (IOException _) {
        // one that can't be removed is no reason against a new one
      }
    }
    return List.copyOf(removed);
  }

  private static List<String> find(Docker docker) throws InterruptedException {
    var command =
        docker.command(
            List.of(
                "ps",
                "--all",
                "--filter",
                "label=" + USER + "=" + user(),
                "--filter",
                "name=^/?" + ScratchFolder.PREFIX, // a kept one has another name
                "--format",
                FORMAT));
    try {
      return docker.lines(command).stream().flatMap(line -> stale(line).stream()).toList();
    } catch (Unreachable _) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      return List.of();
    }
  }

  /** Its name, where its maker has surely ended. */
  private static Optional<String> stale(String line) {
    var fields = line.split(SEPARATOR, -1);
    if (fields.length != 4 || !fields[1].matches("[0-9]{1,18}")) {
      return Optional.empty();
    }
    var maker = new Maker(Long.parseLong(fields[1]), fields[2], fields[3]);
    return maker.isGone() ? Optional.of(fields[0]) : Optional.empty();
  }

  private static String user() {
    return System.getProperty("user.name");
  }
}
