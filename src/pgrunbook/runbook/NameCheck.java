package pgrunbook.runbook;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import pgrunbook.expression.Expression;
import pgrunbook.expression.Reference;
import pgrunbook.text.Closest;
import pgrunbook.text.Place;
import pgrunbook.text.Problems;
import pgrunbook.yaml.References;
import pgrunbook.yaml.YamlNode;

/** Checks that the names in a runbook's expressions stand for something, as far as it can tell. */
final class NameCheck {
  private static final List<String> ROOTS =
      List.of("params", "vars", "steps", "env", "target", "run");

  private final Set<String> params;
  private final Set<String> vars;
  private final Problems problems;

  NameCheck(Set<String> params, Set<String> vars, Problems problems) {
    this.params = Set.copyOf(params);
    this.vars = Set.copyOf(vars);
    this.problems = problems;
  }

  /**
   * Which steps an expression can use: those before it, not those behind it.
   *
   * @param own the step that its undo may use, too
   */
  private record Steps(
      Map<String, Place> earlier, Map<String, Place> anywhere, Optional<String> own) {
    Steps and(YamlNode.Scalar id) {
      return new Steps(earlier, anywhere, Optional.of(id.text()));
    }

    boolean has(String id) {
      return earlier.containsKey(id) || own.equals(Optional.of(id));
    }
  }

  /** A var can use those above it; all are evaluated before the first step. */
  void vars(Map<String, YamlNode> values) {
    Set<String> above = new LinkedHashSet<>();
    values.forEach((name, value) -> {
      for (var reference : References.in(value, problems)) {
        check(reference, above, Optional.empty());
      }
      above.add(name);
    });
  }

  void condition(YamlNode.Mapping mapping, String key) {
    condition(mapping, key, Optional.empty());
  }

  void step(
      YamlNode.Mapping step,
      Optional<YamlNode.Scalar> id,
      Map<String, Place> earlier,
      Map<String, Place> anywhere) {
    var steps = new Steps(earlier, anywhere, Optional.empty());
    condition(step, "when", Optional.of(steps));
    step.get("with").ifPresent(with -> tree(with, steps));
    if (step.get("undo").orElse(null) instanceof YamlNode.Mapping undo) {
      undo.get("with").ifPresent(with -> undo(with, id.map(steps::and).orElse(steps)));
    }
  }

  /** <code>step.intent.x</code> and <code>step.output.x</code> are the undone step's. */
  private void undo(YamlNode tree, Steps steps) {
    References.in(tree, problems).stream()
        .filter(name -> !(name.path().getFirst().equals("step") && name.path().size() == 3))
        .forEach(name -> check(name, vars, Optional.of(steps)));
  }

  private void tree(YamlNode tree, Steps steps) {
    References.in(tree, problems).forEach(name -> check(name, vars, Optional.of(steps)));
  }

  private void condition(YamlNode.Mapping mapping, String key, Optional<Steps> steps) {
    if (mapping.get(key).orElse(null) instanceof YamlNode.Scalar scalar && !scalar.isNull()) {
      Expression.parse(scalar.text(), scalar.place(), problems)
          .references()
          .forEach(name -> check(name, vars, steps));
    }
  }

  private void check(Reference reference, Set<String> usableVars, Optional<Steps> steps) {
    var path = reference.path();
    var root = path.getFirst();
    if (!ROOTS.contains(root)) {
      problems.add(reference.at(), "unknown name '" + reference + "'", Closest.hint(root, ROOTS));
    } else if (path.size() < 2) {
      problems.add(reference.at(), "'" + root + "' alone has no value", "write " + root + ".NAME");
    } else if (root.equals("params")) {
      known(reference, "param", params);
    } else if (root.equals("vars")) {
      known(reference, "var", usableVars);
    } else if (root.equals("steps")) {
      step(reference, steps);
    }
  }

  private void known(Reference reference, String what, Collection<String> names) {
    var name = reference.path().get(1);
    if (!names.contains(name)) {
      problems.add(
          reference.at(), "unknown " + what + " '" + name + "'", Closest.hint(name, names));
    } else if (reference.path().size() > 2) {
      problems.add(
          reference.at(), "'" + reference + "' goes too deep", "a " + what + " has no parts");
    }
  }

  private void step(Reference reference, Optional<Steps> steps) {
    if (steps.isEmpty()) {
      problems.add(
          reference.at(),
          "steps cannot be used here",
          "vars and preconditions are evaluated before the first step");
      return;
    }
    var id = reference.path().get(1);
    if (!steps.get().has(id)) {
      problems.add(
          reference.at(),
          "'" + id + "' is not an earlier step",
          StructureCheck.earlierHint(id, steps.get().earlier(), steps.get().anywhere()));
    } else if (reference.path().size() < 3) {
      problems.add(
          reference.at(), "'" + reference + "' has no value", "write " + reference + ".OUTPUT");
    }
  }
}
