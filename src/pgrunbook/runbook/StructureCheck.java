package pgrunbook.runbook;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import pgrunbook.text.Closest;
import pgrunbook.text.Place;
import pgrunbook.text.Problems;
import pgrunbook.yaml.Spans;
import pgrunbook.yaml.YamlNode;

/**
 * Checks what the parts of a runbook say about each other. It works on the tree, not on the bound
 * records, because a step with a mistake must not hide the mistakes of others.
 */
final class StructureCheck {
  private static final Pattern STEP_ID = Pattern.compile("[a-z][a-z0-9_-]*");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");
  private static final int LONGEST_ID = 40;
  private static final int MOST_STEPS = 10_000;

  private final YamlNode.Mapping root;
  private final Problems problems;

  StructureCheck(YamlNode.Mapping root, Problems problems) {
    this.root = root;
    this.problems = problems;
  }

  void check() {
    var params = named("params");
    var vars = named("vars");
    var names = new NameCheck(params.keySet(), vars.keySet(), problems);
    names.vars(vars);
    items("preconditions").forEach(precondition -> names.condition(precondition, "that"));
    if (root.get("steps").orElse(null) instanceof YamlNode.Sequence steps
        && steps.items().isEmpty()) {
      problems.add(steps.place(), "there are no steps", "write at least one");
    }
    steps(names);
  }

  private Map<String, YamlNode> named(String key) {
    Map<String, YamlNode> values = new LinkedHashMap<>();
    if (root.get(key).orElse(null) instanceof YamlNode.Mapping mapping) {
      mapping
          .entries()
          .forEach((name, entry) -> {
            checkName(name, entry.key());
            values.put(name, entry.value());
          });
    }
    return values;
  }

  private void checkName(String name, Place at) {
    if (!NAME.matcher(name).matches()) {
      problems.add(
          at,
          "'" + name + "' cannot be used in expressions",
          "names begin with a letter and are made of letters, digits, _ and -");
    }
  }

  private List<YamlNode.Mapping> items(String key) {
    List<YamlNode.Mapping> mappings = new ArrayList<>();
    if (root.get(key).orElse(null) instanceof YamlNode.Sequence sequence) {
      for (var item : sequence.items()) {
        if (item instanceof YamlNode.Mapping mapping) {
          mappings.add(mapping);
        }
      }
    }
    return mappings;
  }

  private void steps(NameCheck names) {
    var all = items("steps");
    if (all.size() > MOST_STEPS) {
      problems.add(
          all.get(MOST_STEPS).place(),
          "there are more than " + MOST_STEPS + " steps",
          "nobody can review so many; make several runbooks of them");
      return;
    }
    Map<String, Place> anywhere = new LinkedHashMap<>();
    all.stream()
        .flatMap(step -> id(step).stream())
        .forEach(id -> anywhere.putIfAbsent(id.text(), id.place()));
    Map<String, Place> earlier = new LinkedHashMap<>();
    for (var step : all) {
      names.step(step, id(step), earlier, anywhere);
      requires(step, earlier, anywhere);
      timeout(step);
      id(step).ifPresent(id -> checkId(id, earlier));
    }
  }

  private static Optional<YamlNode.Scalar> id(YamlNode.Mapping step) {
    return step.get("id").orElse(null) instanceof YamlNode.Scalar scalar && !scalar.isNull()
        ? Optional.of(scalar)
        : Optional.empty();
  }

  private void checkId(YamlNode.Scalar id, Map<String, Place> earlier) {
    var text = id.text();
    if (!STEP_ID.matcher(text).matches()) {
      problems.add(
          id.place(),
          "'" + text + "' is no step id",
          "an id begins with a small letter and is made of small letters, digits, _ and -");
    } else if (text.length() > LONGEST_ID) {
      problems.add(id.place(), "the id is longer than " + LONGEST_ID + " characters");
    }
    var first = earlier.putIfAbsent(text, id.place());
    if (first != null) {
      problems.add(
          id.place(),
          "a second step with the id '" + text + "'",
          "the first one is in line " + first.line());
    }
  }

  private void requires(
      YamlNode.Mapping step, Map<String, Place> earlier, Map<String, Place> anywhere) {
    if (!(step.get("requires").orElse(null) instanceof YamlNode.Sequence required)) {
      return;
    }
    for (var item : required.items()) {
      if (item instanceof YamlNode.Scalar(var place, var id, _) && !earlier.containsKey(id)) {
        problems.add(
            place, "'" + id + "' is not an earlier step", earlierHint(id, earlier, anywhere));
      }
    }
  }

  static String earlierHint(String id, Map<String, Place> earlier, Map<String, Place> anywhere) {
    var at = Optional.ofNullable(anywhere.get(id));
    return at.map(
            place -> "it is in line " + place.line() + "; only steps above this one can be used")
        .orElseGet(() -> Closest.hint(id, earlier.keySet()));
  }

  private void timeout(YamlNode.Mapping step) {
    if (step.get("timeout").orElse(null) instanceof YamlNode.Scalar scalar
        && Spans.parse(scalar.text()).filter(d -> d.isZero()).isPresent()) {
      problems.add(scalar.place(), "'timeout' must be longer than 0", "remove it for no limit");
    }
  }
}
