package pgrunbook.compose;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import pgrunbook.postgres.Unreachable;
import pgrunbook.process.ChildCommand;
import pgrunbook.process.Deadline;
import pgrunbook.process.Finished;
import pgrunbook.process.OutputSink;
import pgrunbook.process.Processes;
import pgrunbook.text.Problem;

/**
 * Docker's own command line, which knows about contexts and DOCKER_HOST.
 *
 * @param folder where it runs
 * @param words how it is called, usually just <code>docker</code>
 * @param variables set for it in addition to this process's
 */
public record Docker(
    Processes processes, Path folder, List<String> words, Map<String, String> variables) {
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, String> HINTS = hints();

  public Docker {
    words = List.copyOf(words);
    variables = Map.copyOf(variables);
  }

  public Docker(Processes processes, Path folder) {
    this(processes, folder, List.of("docker"), Map.of());
  }

  private static Map<String, String> hints() {
    var engine = "start the Docker engine, or check DOCKER_HOST and 'docker context ls'";
    var hints = new LinkedHashMap<String, String>();
    hints.put(
        "permission denied while trying to connect",
        "this user may not use Docker's socket: sudo usermod -aG docker "
            + System.getProperty("user.name")
            + ", and log in again");
    hints.put("Cannot connect to the Docker daemon", engine);
    hints.put("error during connect", engine);
    hints.put("Couldn't connect to Docker daemon", engine);
    hints.put(
        "not found in PATH",
        "install it; compose.command in the environment's file names another Compose");
    return hints;
  }

  /** <code>docker</code> with those arguments. */
  public ChildCommand command(List<String> arguments) {
    var all = new ArrayList<>(words);
    all.addAll(arguments);
    return with(ChildCommand.of(all));
  }

  /** A command in the same place, that reaches the same engine. */
  ChildCommand with(ChildCommand command) {
    var result = command.in(folder);
    for (var variable : variables.entrySet()) {
      result = result.with(variable.getKey(), variable.getValue());
    }
    return result;
  }

  /**
   * What a short command prints, line by line.
   *
   * @throws Unreachable with its last words, where it fails or takes longer than 30 s
   */
  public List<String> lines(ChildCommand command) throws Unreachable {
    return lines(command, Deadline.in(ANSWER));
  }

  /** The same for a command that may take its time. */
  public List<String> lines(ChildCommand command, Deadline deadline) throws Unreachable {
    var lines = new ArrayList<String>();
    var what = String.join(" ", command.shownWords().orElse(command.argv()));
    try {
      var finished = processes.run(command, lines::add, OutputSink.none(), deadline);
      if (!finished.succeeded()) {
        throw failed(what, why(finished), String.join("\n", finished.errorTail()));
      }
      return lines;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw failed(what, "interrupted", "");
    } catch (Unreachable e) {
      throw e;
    } catch (IOException e) {
      throw failed(what, String.valueOf(e.getMessage()), "");
    }
  }

  /** The containers that all those filters let through, in any state. */
  public List<Container> containers(List<String> filters) throws Unreachable {
    var arguments = new ArrayList<>(List.of("ps", "--all", "--quiet", "--no-trunc"));
    filters.forEach(filter -> arguments.addAll(List.of("--filter", filter)));
    for (var attempt = 1; ; attempt++) {
      var ids = lines(command(arguments));
      if (ids.isEmpty()) {
        return List.of();
      }
      try {
        return inspect(ids);
      } catch (Unreachable e) {
        if (attempt == 3) {
          throw e; // otherwise one was removed between the two commands
        }
      }
    }
  }

  private List<Container> inspect(List<String> ids) throws Unreachable {
    var arguments = new ArrayList<>(List.of("inspect", "--type", "container"));
    arguments.addAll(ids);
    var text = String.join("\n", lines(command(arguments)));
    try {
      return StreamSupport.stream(JSON.readTree(text).spliterator(), false)
          .map(Container::of)
          .toList();
    } catch (IOException e) {
      throw failed("docker inspect", "printed what is no JSON: " + e.getMessage(), "");
    }
  }

  private static Unreachable failed(String what, String why, String said) {
    var hint =
        HINTS.entrySet().stream()
            .filter(known -> (why + "\n" + said).contains(known.getKey()))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse("try it by hand in the project's folder");
    return new Unreachable(Problem.of("'" + what + "' failed: " + why, hint));
  }

  /** The words that tell most: Docker likes to end with advice, and Compose with a line of code. */
  private static String why(Finished finished) {
    var telling =
        finished.errorTail().stream()
            .filter(line -> !line.isBlank() && !line.startsWith("See 'docker"))
            .toList();
    if (finished.timedOut() || telling.isEmpty()) {
      return finished.why();
    }
    var last = telling.subList(Math.max(0, telling.size() - 4), telling.size());
    return "exit code " + finished.exit() + ": " + String.join("\n", last);
  }
}
