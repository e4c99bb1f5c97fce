package pgrunbook.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import pgrunbook.action.Registry;
import pgrunbook.expression.Scope;
import pgrunbook.plan.Binding;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;
import pgrunbook.yaml.Yaml;
import pgrunbook.yaml.YamlFolder;
import pgrunbook.yaml.YamlNode;

/**
 * Checks actions and their input in a file that has other mistakes too, so that those don't hide
 * these. Names in expressions are none of its business.
 */
final class StepCheck {
  private static final String ANY_NAME = "‹any name›";

  private final Registry registry;
  private final Problems problems = new Problems();

  private StepCheck(Registry registry) {
    this.registry = registry;
  }

  /** The problems of a runbook's steps; none where the file can't be read. */
  static List<Problem> of(Registry registry, Path project, String name) {
    var isPath = name.endsWith(".yaml") || name.endsWith(".yml");
    var file = project.resolve(isPath ? name : "runbooks/" + name + ".yaml");
    if (!Files.isRegularFile(file)) {
      return List.of();
    }
    var check = new StepCheck(registry);
    var shown = YamlFolder.shown(project, file);
    Yaml.read(file, shown, new Problems()).ifPresent(check::steps);
    return check.problems.list().stream()
        .filter(problem -> !problem.what().contains(ANY_NAME))
        .toList();
  }

  private void steps(YamlNode.Mapping root) {
    if (root.get("steps").orElse(null) instanceof YamlNode.Sequence(var _, var steps)) {
      for (var step : steps) {
        call(step);
      }
    }
  }

  private void call(YamlNode node) {
    if (!(node instanceof YamlNode.Mapping call)) {
      return;
    }
    if (call.get("action").orElse(null) instanceof YamlNode.Scalar action && !action.isNull()) {
      with(call)
          .ifPresent(with ->
              Binding.bind(registry, action.text(), with, call.place(), StepCheck::any, problems));
    }
    call.get("undo").ifPresent(this::call);
  }

  /** Empty where there is one of a wrong shape, which is told elsewhere. */
  private static Optional<YamlNode.Mapping> with(YamlNode.Mapping call) {
    var with = call.get("with");
    if (with.isEmpty()) {
      return Optional.of(YamlNode.Mapping.empty(call.place()));
    }
    return with.get() instanceof YamlNode.Mapping mapping ? Optional.of(mapping) : Optional.empty();
  }

  private static Scope.Found any(List<String> path) {
    return new Scope.Found.Unknown(ANY_NAME, Optional.empty());
  }
}
