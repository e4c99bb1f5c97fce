package pgrunbook.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import pgrunbook.action.Registry;
import pgrunbook.environment.Environment;
import pgrunbook.runbook.Runbook;
import pgrunbook.runbook.Runbooks;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Problems;

/** Reads what an earlier run was made from. */
final class Reopened {
  private Reopened() {}

  /**
   * Reads the run's own copies; says where the project's files have become different.
   *
   * @param given params whose values the journal must not keep
   */
  static Prepared of(Context context, Project project, Known known, Map<String, String> given) {
    var problems = new Problems();
    var copy = known.folder().runbook();
    var runbook = Runbooks.readFile(copy, project.folder().relativize(copy).toString(), problems);
    var environment = project.environmentIn(known.folder().environment(), problems);
    if (runbook.isEmpty() || environment.isEmpty()) {
      throw new InvalidInput(problems.list());
    }
    var name = known.state().about("runbook");
    differs(context, project.folder().resolve("runbooks").resolve(name + ".yaml"), copy);
    return of(
        project, context.registry(), known, runbook.get(), environment.get(), given, problems);
  }

  private static Prepared of(
      Project project,
      Registry registry,
      Known known,
      Runbook runbook,
      Environment environment,
      Map<String, String> given,
      Problems problems) {
    var params = RunParams.of(known.state(), given);
    var prepared = Prepared.of(project, registry, runbook, environment, params, problems);
    RunParams.refuseOthers(known.state(), prepared);
    return prepared;
  }

  private static void differs(Context context, Path now, Path copy) {
    var text = text(now);
    if (text.isPresent() && !text.equals(text(copy))) {
      context
          .err()
          .println(
              "note: "
                  + now.getFileName()
                  + " was changed since the run was made; the run goes on"
                  + " with its own copy, "
                  + copy);
    }
  }

  private static Optional<String> text(Path file) {
    try {
      return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
