package pgrunbook.diagnosis;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import pgrunbook.diagnosis.Finding.Fine;
import pgrunbook.diagnosis.Finding.Trouble;
import pgrunbook.environment.Environment;
import pgrunbook.environment.Environments;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;

/** Whether an environment's files can be read, and all variables are set. */
record EnvironmentFiles(Path project, String name, Map<String, String> variables) {
  Looked<Environment> look() {
    var problems = new Problems();
    var environment = Environments.read(project, name, variables, problems);
    var findings = new ArrayList<Finding>();
    problems.inOrder().forEach(problem -> findings.add(trouble(problem)));
    environment.ifPresent(read -> findings.add(fine(read)));
    return new Looked<>(findings, problems.isEmpty() ? environment : Optional.empty());
  }

  private Finding fine(Environment read) {
    var file = project.relativize(read.envFile()).toString();
    return new Fine(
        "runbooks/environments/%s.yaml, and %s"
            .formatted(
                name,
                Files.exists(read.envFile())
                    ? file
                    : "the process's own variables: there is no " + file));
  }

  private static Trouble trouble(Problem problem) {
    var where = problem.at().isKnown() ? problem.at() + ": " : "";
    return new Trouble(where + problem.what(), problem.hint().orElse("correct the file"));
  }
}
