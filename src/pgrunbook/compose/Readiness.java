package pgrunbook.compose;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import pgrunbook.postgres.Unreachable;

/**
 * Whether a service that was started does what it is there for: by its health check; without one,
 * PostgreSQL by <code>pg_isready</code>, others by whether something listens on the ports that they
 * publish, and all of them by running on for a moment.
 */
final class Readiness {
  private static final Duration STEADY = Duration.ofSeconds(1);
  private static final String LISTENING = "0A";

  private final ComposeProject project;
  private final String service;
  private String starts = "";
  private long since = System.nanoTime();
  private boolean hopeless;

  Readiness(ComposeProject project, String service) {
    this.project = project;
    this.service = service;
  }

  /** What is still missing; empty when it is ready. */
  Optional<String> missing() {
    try {
      var containers = project.containers(service);
      if (containers.isEmpty()) {
        return Optional.of("it has no container");
      }
      noteStarts(containers);
      for (var container : containers) {
        var missing = missing(container);
        if (missing.isPresent()) {
          return missing;
        }
      }
      return Optional.empty();
    } catch (Unreachable e) {
      return Optional.of(e.problem().what());
    }
  }

  /** Whether waiting longer is of no use: it ended, and nothing will start it again. */
  boolean isHopeless() {
    return hopeless;
  }

  private void noteStarts(List<Container> containers) {
    var now = String.join(" ", containers.stream().map(it -> it.id() + it.startedAt()).toList());
    if (!now.equals(starts)) {
      starts = now;
      since = System.nanoTime();
    }
  }

  private Optional<String> missing(Container container) throws Unreachable {
    if (!container.isRunning()) {
      hopeless = container.isStopped() && container.restartPolicy().equals("no");
      var code = container.isStopped() ? " with exit code " + container.exitCode() : "";
      return Optional.of("it is " + container.status() + code);
    }
    if (container.health().isPresent()) {
      return container.health().filter(it -> !it.equals("healthy")).map(it -> "its health: " + it);
    }
    if (service.equals(project.postgresService())) {
      return answers() ? Optional.empty() : Optional.of("PostgreSQL does not accept connections");
    }
    if (System.nanoTime() - since < STEADY.toNanos()) {
      return Optional.of("it has only just started");
    }
    var deaf = new TreeSet<>(container.published());
    if (!deaf.isEmpty()) {
      listening(container).ifPresentOrElse(deaf::removeAll, deaf::clear);
    }
    return deaf.isEmpty() ? Optional.empty() : Optional.of("nothing listens on its port " + deaf);
  }

  private boolean answers() {
    try {
      var _ = project.docker().lines(project.postgres().exec(List.of("pg_isready", "-q")));
      return true;
    } catch (Unreachable _) {
      return false;
    }
  }

  /** The ports on which something listens in there; empty where nobody can tell. */
  private Optional<Set<Integer>> listening(Container container) {
    try {
      var command =
          project
              .docker()
              .command(List.of("exec", container.id(), "sh", "-c", "cat /proc/net/tcp*"));
      var ports = new HashSet<Integer>();
      for (var line : project.docker().lines(command)) {
        // proc(5): sl local_address rem_address st …, an address is HEX:PORT
        var fields = line.strip().split("\\s+", -1);
        if (fields.length > 3 && fields[3].equals(LISTENING)) {
          ports.add(Integer.parseInt(fields[1].substring(fields[1].indexOf(':') + 1), 16));
        }
      }
      return Optional.of(ports);
    } catch (Unreachable _) {
      return Optional.empty();
    }
  }
}
