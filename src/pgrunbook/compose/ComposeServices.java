package pgrunbook.compose;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import pgrunbook.postgres.Unreachable;
import pgrunbook.process.ChildCommand;
import pgrunbook.process.Deadline;
import pgrunbook.service.ServiceFailed;
import pgrunbook.service.ServiceState;
import pgrunbook.service.Services;
import pgrunbook.service.Verb;
import pgrunbook.text.Closest;
import pgrunbook.text.Masking;
import pgrunbook.text.Problem;

/** The services of a Compose project. */
public record ComposeServices(ComposeProject project, Masking masking) implements Services {
  private static final Duration SETTLE = Duration.ofMinutes(5);
  private static final Duration PAUSE = Duration.ofMillis(200);

  @Override
  public List<String> names() {
    return project.services();
  }

  @Override
  public ServiceState state(String service) {
    if (!names().contains(service)) {
      return new ServiceState.Unknown("there is no service '" + service + "'");
    }
    try {
      return state(project.containers(service));
    } catch (Unreachable e) {
      return new ServiceState.Unknown(masking.mask(e.problem().what()));
    }
  }

  private static ServiceState state(List<Container> containers) {
    var running = containers.stream().filter(Container::isRunning).count();
    if (containers.stream().allMatch(Container::isStopped)) {
      return new ServiceState.Stopped();
    } else if (running == containers.size()) {
      // an unhealthy one runs; of one that is starting, nobody knows yet whether it will
      return containers.stream().anyMatch(it -> it.health().equals(Optional.of("starting")))
          ? new ServiceState.Partly("its health check has not answered yet")
          : new ServiceState.Running();
    }
    var others =
        containers.stream()
            .filter(it -> !it.isRunning())
            .map(Container::status)
            .distinct()
            .toList();
    return new ServiceState.Partly(
        containers.size() == 1
            ? others.getFirst()
            : "%d of %d containers run, others: %s"
                .formatted(running, containers.size(), String.join(", ", others)));
  }

  @Override
  public String detail(String service) {
    try {
      var containers = project.containers(service);
      if (containers.isEmpty()) {
        return "no container";
      }
      var first = containers.getFirst();
      var count = containers.size() == 1 ? "" : containers.size() + " containers, ";
      var health = first.health().filter(_ -> first.isRunning()).map(it -> it + ", ").orElse("");
      return count + health + "restart: " + first.restartPolicy();
    } catch (Unreachable _) {
      return "";
    }
  }

  @Override
  public Optional<String> at(String address) {
    try {
      return project.allContainers().stream()
          .filter(container -> container.addresses().contains(address))
          .findFirst()
          .map(it ->
              "service " + it.service() + (it.oneOff() ? ", 'compose run' " + it.name() : ""));
    } catch (Unreachable _) {
      return Optional.empty();
    }
  }

  @Override
  public String shown(String service, Verb verb) {
    return switch (verb) {
      case START -> start(service, exists(service)).shown(masking);
      case STOP -> stop(service).shown(masking);
      case CHECK -> project.command(List.of("ps", service)).shown(masking);
    };
  }

  @Override
  public boolean simulated() {
    return false;
  }

  /** Also of one that runs already, it is made sure that it is ready. */
  @Override
  public void start(String service, Deadline deadline) throws ServiceFailed, InterruptedException {
    refuseUnknown(service);
    var end = deadline.or(Deadline.in(SETTLE));
    var what = "cannot start service '" + service + "'";
    if (!(state(service) instanceof ServiceState.Running)) {
      if (isPaused(service)) {
        act(what, project.command(List.of("unpause", service)), end);
      }
      act(what, start(service, exists(service)), end);
    }
    var readiness = new Readiness(project, service);
    var missing = readiness.missing();
    while (missing.isPresent()) {
      if (end.expired() || readiness.isHopeless()) {
        throw new ServiceFailed(
            "service '" + service + "' was started, but " + masking.mask(missing.get()),
            "see " + project.command(List.of("logs", "--tail=50", service)).shown(masking));
      }
      pause(end);
      missing = readiness.missing();
    }
  }

  @Override
  public void stop(String service, Deadline deadline) throws ServiceFailed, InterruptedException {
    refuseUnknown(service);
    var end = deadline.or(Deadline.in(SETTLE));
    var what = "cannot stop service '" + service + "'";
    if (!(state(service) instanceof ServiceState.Stopped)) {
      act(what, stop(service), end);
    }
    while (!(state(service) instanceof ServiceState.Stopped)) {
      if (end.expired()) {
        throw new ServiceFailed(
            what + ": it still runs",
            "see " + project.command(List.of("ps", service)).shown(masking));
      }
      pause(end);
    }
  }

  private void pause(Deadline end) throws InterruptedException {
    Thread.sleep(end.atMost(PAUSE));
    project.changed();
  }

  /**
   * Containers that are there are started as they are; <code>up</code> is only for a service that
   * has none. Neither replaces a container because its configuration changed.
   */
  private ChildCommand start(String service, boolean exists) {
    return project.command(
        exists
            ? List.of("start", service)
            : List.of("up", "-d", "--no-deps", "--no-recreate", service));
  }

  private ChildCommand stop(String service) {
    return project.command(List.of("stop", service));
  }

  private void refuseUnknown(String service) throws ServiceFailed, InterruptedException {
    if (!names().contains(service)) {
      throw new ServiceFailed(
          "there is no service '" + service + "'", Closest.hint(service, names()));
    }
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  private boolean exists(String service) {
    return look(service).filter(containers -> !containers.isEmpty()).isPresent();
  }

  private boolean isPaused(String service) {
    return look(service).orElse(List.of()).stream().anyMatch(it -> it.status().equals("paused"));
  }

  private Optional<List<Container>> look(String service) {
    try {
      return Optional.of(project.containers(service));
    } catch (Unreachable _) {
      return Optional.empty();
    }
  }

  private void act(String what, ChildCommand command, Deadline deadline)
      throws ServiceFailed, InterruptedException {
    try {
      var _ = project.docker().lines(command, deadline);
    } catch (Unreachable e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      var problem = e.problem();
      throw new ServiceFailed(
          new Problem(problem.at(), what + ": " + masking.mask(problem.what()), problem.hint()));
    } finally {
      project.changed();
    }
  }
}
