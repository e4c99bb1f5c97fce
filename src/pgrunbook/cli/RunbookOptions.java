package pgrunbook.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which runbook, where, with which params. */
final class RunbookOptions {
  @Parameters(paramLabel = "RUNBOOK", description = "name of a file in runbooks/, or a path")
  String runbook = "";

  @Option(
      names = "--env",
      paramLabel = "NAME",
      description = "environment, instead of the runbook's own")
  Optional<String> environment = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "PARAM=VALUE",
      description = "a param of the runbook; may be given again")
  Map<String, String> params = new LinkedHashMap<>();

  @Option(names = "--backup", paramLabel = "FILE", description = "short for --set backup=FILE")
  Optional<String> backup = Optional.empty();

  Map<String, String> given() {
    Map<String, String> given = new LinkedHashMap<>(params);
    backup.ifPresent(file -> given.put("backup", file));
    return given;
  }

  Prepared read(Context context, Project project) {
    return Prepared.read(project, context.registry(), runbook, environment, given());
  }
}
