package pgrunbook.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import pgrunbook.action.Kind;
import pgrunbook.action.RunTag;
import pgrunbook.action.StepPath;
import pgrunbook.action.Target;
import pgrunbook.expression.Late;
import pgrunbook.expression.Scope;
import pgrunbook.expression.Template;
import pgrunbook.text.Closest;
import pgrunbook.text.Problems;
import pgrunbook.yaml.YamlNode;

/** What the names in a runbook's expressions stand for, while it is planned and while it runs. */
public final class Names implements Scope {
  private static final List<String> ROOTS =
      List.of("params", "env", "vars", "target", "steps", "run");

  private final Map<String, Object> params;
  private final Map<String, String> env;
  private final Map<String, YamlNode> vars;
  private final Map<String, String> target;
  private final Optional<String> run;
  private final Set<String> allSteps;
  private final Map<String, StepValues> steps;
  private final Set<String> varsInUse = new HashSet<>();

  /** Each is computed once: a var of ten vars of ten vars would take forever. */
  private final Map<String, Found> varsFound = new HashMap<>();

  private final Optional<Undone> undone;

  /** What is known of a step's outputs. */
  public sealed interface StepValues {
    /** The step did not or will not run. */
    record Skipped() implements StepValues {}

    /** The step will have run; some outputs are certain already. */
    record Promised(List<String> outputs, Map<String, String> foreseen) implements StepValues {}

    /** The step has run. */
    record Yielded(ObjectNode outputs) implements StepValues {}
  }

  /** The step that a call undoes; its intent and outputs are pending while planning. */
  private record Undone(
      StepPath path,
      Kind<?, ?, ?> kind,
      Optional<ObjectNode> intent,
      Optional<ObjectNode> output) {}

  private Names(
      Map<String, Object> params,
      Map<String, String> env,
      Map<String, YamlNode> vars,
      Map<String, String> target,
      Optional<String> run,
      Set<String> allSteps,
      Map<String, StepValues> steps,
      Optional<Undone> undone) {
    this.params = params;
    this.env = env;
    this.vars = vars;
    this.target = target;
    this.run = run;
    this.allSteps = allSteps;
    this.steps = steps;
    this.undone = undone;
  }

  /** Names of a runbook that acts on a target, before any step. */
  public static Names of(
      pgrunbook.runbook.Runbook runbook,
      Map<String, Object> params,
      Map<String, String> env,
      Target target,
      Optional<String> run) {
    var ids = new HashSet<String>();
    runbook.steps().forEach(step -> ids.add(step.id()));
    return new Names(
        params, env, runbook.vars(), about(target), run, ids, new HashMap<>(), Optional.empty());
  }

  private static Map<String, String> about(Target target) {
    var about = new LinkedHashMap<String, String>();
    about.put("database", target.database());
    about.put("environment", target.environment());
    about.put("backups", target.backups().toString());
    about.put("project", target.project().toString());
    return about;
  }

  /** From now on the step's outputs are these. */
  public void put(String step, StepValues values) {
    steps.put(step, values);
    varsFound.clear();
  }

  /**
   * The same names and, as <code>step.intent</code> and <code>step.output</code>, an undone step's.
   */
  public Names undoing(
      StepPath path, Kind<?, ?, ?> kind, Optional<ObjectNode> intent, Optional<ObjectNode> output) {
    var undone = Optional.of(new Undone(path, kind, intent, output));
    return new Names(params, env, vars, target, run, allSteps, steps, undone);
  }

  @Override
  public Found find(List<String> path) {
    var root = path.getFirst();
    if (root.equals("step") && undone.isPresent() && path.size() == 3) {
      return inUndone(undone.get(), path.get(1), path.get(2));
    }
    if (root.equals("steps")) {
      return path.size() == 3
          ? inStep(path.get(1), path.get(2))
          : new Found.Unknown(
              "'" + String.join(".", path) + "' names no output",
              Optional.of("write ${steps.<id>.<output>}"));
    }
    if (!ROOTS.contains(root) || path.size() != 2) {
      return new Found.Unknown(
          "unknown name '" + String.join(".", path) + "'", Optional.of(Closest.hint(root, ROOTS)));
    }
    var name = path.get(1);
    return switch (root) {
      case "params" -> among(params, "param", name);
      case "target" -> among(target, "name 'target.", name);
      case "vars" -> variable(name);
      case "run" -> run(name);
      default -> env.containsKey(name) ? new Found.Is(env.get(name)) : new Found.Absent();
    };
  }

  private static Found among(Map<String, ?> known, String kind, String name) {
    var value = known.get(name);
    return value != null ? new Found.Is(value) : unknown(kind, name, known.keySet());
  }

  private static Found unknown(String kind, String name, Set<String> known) {
    var what = "unknown " + kind + (kind.endsWith(".") ? "" : " '") + name + "'";
    return new Found.Unknown(what, Optional.of(Closest.hint(name, known)));
  }

  private Found run(String name) {
    if (!name.equals("id")) {
      return unknown("name 'run.", name, Set.of("id"));
    }
    return run.<Found>map(Found.Is::new)
        .orElseGet(() -> new Found.Pending(new RunTag(run, new StepPath("")).shown(), Set.of()));
  }

  private Found variable(String name) {
    var node = vars.get(name);
    if (node == null) {
      return unknown("var", name, vars.keySet());
    }
    if (!(node instanceof YamlNode.Scalar(var place, var text, var _))) {
      return new Found.Unknown("'vars." + name + "' is not a single value", Optional.empty());
    }
    var before = varsFound.get(name);
    if (before != null) {
      return before;
    }
    if (!varsInUse.add(name)) {
      return new Found.Unknown("'vars." + name + "' is defined by itself", Optional.empty());
    }
    try {
      var problems = new Problems();
      var value = Template.parse(text, place, problems).evaluate(this, problems);
      var found = value.<Found>map(Names::found).orElseGet(() -> failed(name, problems));
      varsFound.put(name, found);
      return found;
    } finally {
      varsInUse.remove(name);
    }
  }

  private static Found failed(String name, Problems problems) {
    var why = problems.isEmpty() ? "it has no value" : problems.list().getFirst().what();
    return new Found.Unknown("'vars." + name + "': " + why, Optional.empty());
  }

  private static Found found(Late<Object> late) {
    return switch (late) {
      case Late.Known<Object>(var value) -> new Found.Is(value);
      case Late.Pending<Object>(var shown, var from) -> new Found.Pending(shown, from);
    };
  }

  private Found inStep(String step, String output) {
    var values = steps.get(step);
    if (values == null) {
      return allSteps.contains(step)
          ? new Found.Unknown(
              "step '" + step + "' comes later",
              Optional.of("a step can use only what earlier steps yield"))
          : unknown("step", step, allSteps);
    }
    return switch (values) {
      case StepValues.Skipped() -> new Found.Absent();
      case StepValues.Yielded(var outputs) -> json(outputs.get(output));
      case StepValues.Promised(var outputs, var foreseen) -> {
        if (!outputs.contains(output)) {
          yield new Found.Unknown(
              "step '" + step + "' yields no '" + output + "'",
              Optional.of(Closest.hint(output, outputs)));
        }
        var certain = foreseen.get(output);
        yield certain != null
            ? new Found.Is(certain)
            : new Found.Pending("‹steps." + step + "." + output + "›", Set.of(step));
      }
    };
  }

  private static Found inUndone(Undone undone, String part, String name) {
    var isIntent = part.equals("intent");
    var values = isIntent ? undone.intent() : undone.output();
    if (values.isPresent()) {
      return json(values.get().get(name));
    }
    var type = isIntent ? undone.kind().intent() : undone.kind().output();
    var known = Binding.names(type);
    if (!known.contains(name)) {
      return unknown("name 'step." + part + ".", name, Set.copyOf(known));
    }
    var shown = "‹" + undone.path() + "." + (isIntent ? "intent." : "") + name + "›";
    return new Found.Pending(shown, Set.of(undone.path().text()));
  }

  private static Found json(@org.jspecify.annotations.Nullable JsonNode node) {
    return node == null || node.isNull() ? new Found.Absent() : new Found.Is(value(node));
  }

  private static Object value(JsonNode node) {
    if (node.isArray()) {
      var list = new ArrayList<Object>();
      node.forEach(item -> list.add(value(item)));
      return list;
    }
    if (node.isBoolean()) {
      return node.asBoolean();
    }
    if (node.isIntegralNumber()) {
      return node.asLong();
    }
    return node.isNumber() ? (Object) node.asDouble() : node.asText(node.toString());
  }
}
