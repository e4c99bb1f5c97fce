package pgrunbook.diagnosis;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import pgrunbook.compose.ComposeProject;
import pgrunbook.compose.Container;
import pgrunbook.diagnosis.Finding.CouldNotCheck;
import pgrunbook.diagnosis.Finding.Fine;
import pgrunbook.diagnosis.Finding.Trouble;
import pgrunbook.postgres.Unreachable;
import pgrunbook.process.ChildCommand;
import pgrunbook.process.Children;
import pgrunbook.process.Deadline;
import pgrunbook.text.Problem;
import pgrunbook.text.Refused;

/** Whether Docker can be reached, and what the services of a Compose project do. */
record ContainerStates(Patient patient) {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration LOGS = Duration.ofSeconds(5);
  private static final int LAST_WORDS = 3;
  private static final Pattern TAKEN =
      Pattern.compile(":(\\d+)(?::| failed|\\b).*(?:already allocated|already in use)");

  /** The project, where its file is good and the engine answers. */
  Looked<ComposeProject> open() {
    var environment = patient.environment();
    var settings = environment.compose().orElseThrow();
    try {
      var project =
          Within.run(
              PATIENCE,
              () -> ComposeProject.open(settings, environment, patient.project(), new Children()));
      Within.run(PATIENCE, project::allContainers);
      return new Looked<>(
          List.of(new Fine("Docker answers, and " + settings.file() + " can be read")),
          Optional.of(project));
    } catch (Refused e) {
      return Looked.nothing(trouble(e.problems().getFirst()));
    } catch (IllegalStateException e) {
      return Looked.nothing(
          e.getCause() instanceof Unreachable unreachable
              ? trouble(unreachable.problem())
              : new CouldNotCheck("whether Docker answers", String.valueOf(e.getCause())));
    } catch (TimeoutException _) {
      return Looked.nothing(
          new Trouble(
              "Docker has not answered within " + PATIENCE.toSeconds() + " s",
              "see whether the engine is well: docker info"));
    }
  }

  private Trouble trouble(Problem problem) {
    var masking = patient.masking();
    return new Trouble(
        masking.mask(problem.what()),
        masking.mask(problem.hint().orElse("try it by hand: docker info")));
  }

  /** One finding for each service; PostgreSQL's own comes first. */
  List<Finding> services(ComposeProject project) {
    var names = new ArrayList<>(project.services());
    names.remove(project.postgresService());
    names.addFirst(project.postgresService());
    return names.stream().map(name -> service(project, name)).toList();
  }

  /** Whether somebody can get at the server at all. */
  boolean isServerThere(ComposeProject project) {
    try {
      var containers = Within.run(PATIENCE, () -> project.containers(project.postgresService()));
      return containers.stream().anyMatch(it -> it.status().equals("running"));
    } catch (TimeoutException | IllegalStateException _) {
      return false;
    }
  }

  private Finding service(ComposeProject project, String name) {
    try {
      var containers = Within.run(PATIENCE, () -> project.containers(name));
      if (containers.isEmpty()) {
        return new Trouble("service " + name + " has no container", shown("up", "-d", name));
      }
      var states = containers.stream().map(it -> container(project, name, it)).toList();
      return states.stream()
          .filter(it -> !(it instanceof Fine))
          .findFirst()
          .orElseGet(states::getFirst);
    } catch (IllegalStateException e) {
      return e.getCause() instanceof Unreachable it
          ? trouble(it.problem())
          : new CouldNotCheck("service " + name, String.valueOf(e.getCause()));
    } catch (TimeoutException _) {
      return new CouldNotCheck("service " + name, "Docker does not answer any more");
    }
  }

  private Finding container(ComposeProject project, String name, Container container) {
    var service = "service " + name;
    return switch (container.status()) {
      case "running" -> running(service, name, container);
      case "paused" -> new Trouble(service + " is paused", shown("unpause", name));
      case "restarting" ->
          new Trouble(
              service
                  + " restarts again and again, exit code "
                  + container.exitCode()
                  + lastWords(project, container),
              shown("logs", "--tail=50", name));
      default -> stopped(project, name, container);
    };
  }

  private Finding running(String service, String name, Container container) {
    return switch (container.health().orElse("")) {
      case "" -> new Fine(service + " runs (it has no health check)");
      case "healthy" -> new Fine(service + " runs, healthy");
      case "starting" ->
          new CouldNotCheck(
              "whether " + service + " is healthy", "its health check has not answered yet");
      case String other ->
          new Trouble(service + " runs, but is " + other, shown("logs", "--tail=50", name));
    };
  }

  private Finding stopped(ComposeProject project, String name, Container container) {
    var service = "service " + name;
    var taken = TAKEN.matcher(container.error());
    if (taken.find()) {
      return new Trouble(
          service + " could not be started: port " + taken.group(1) + " is in use by another",
          "see by which: "
              + ChildCommand.of("docker", "ps", "--filter", "publish=" + taken.group(1))
                  .shown(patient.masking())
              + ", then "
              + shown("up", "-d", name));
    }
    var run = patient.wiring().runs().owing(patient.environment().name(), "service:" + name);
    if (run.isPresent()) {
      return patient.owed(service + " is stopped", run.get());
    }
    if (container.status().equals("exited") && container.exitCode() == 0) {
      var ended = ended(project, name, container);
      if (ended.isPresent()) {
        return ended.get();
      }
    }
    var why = container.error().isEmpty() ? "" : ": " + container.error();
    var code = container.status().equals("exited") ? ", exit code " + container.exitCode() : "";
    return new Trouble(
        patient
            .masking()
            .mask(
                service
                    + " does not run ("
                    + container.status()
                    + code
                    + ")"
                    + why
                    + (container.exitCode() == 0 ? "" : lastWords(project, container))),
        shown("start", name));
  }

  /** A job ends so; of a service that nobody starts again by itself, nobody can tell. */
  private Optional<Finding> ended(ComposeProject project, String name, Container container) {
    if (project.isJob(name)) {
      return Optional.of(new Fine("service " + name + " has done its work (exit code 0)"));
    }
    return container.restartPolicy().equals("no") && !name.equals(project.postgresService())
        ? Optional.of(
            new CouldNotCheck(
                "whether service " + name + " has to run",
                "it has ended with exit code 0, as a job does; if it has to: "
                    + shown("start", name)))
        : Optional.empty();
  }

  private String lastWords(ComposeProject project, Container container) {
    var lines = new ArrayList<String>();
    var docker = project.docker();
    var count = Integer.toString(LAST_WORDS);
    try {
      var _ =
          docker
              .processes()
              .run(
                  docker.command(List.of("logs", "--tail", count, container.id())),
                  lines::add,
                  lines::add,
                  Deadline.in(LOGS));
    } catch (IOException _) {
      return "";
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    lines.removeIf(String::isBlank);
    return lines.isEmpty()
        ? ""
        : "; last words: " + patient.masking().mask(String.join(" | ", lines));
  }

  private String shown(String... arguments) {
    return patient.compose().orElseThrow().command(List.of(arguments)).shown(patient.masking());
  }
}
