package pgrunbook.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import pgrunbook.action.Claim;
import pgrunbook.action.Looks;
import pgrunbook.action.Preview;
import pgrunbook.action.Progress;
import pgrunbook.action.Registry;
import pgrunbook.action.RunTag;
import pgrunbook.action.StepPath;
import pgrunbook.action.Target;
import pgrunbook.expression.Late;
import pgrunbook.plan.PlannedStep.Condition;
import pgrunbook.plan.PlannedStep.PlannedUndo;
import pgrunbook.runbook.OnFailure;
import pgrunbook.runbook.Runbook;
import pgrunbook.runbook.Step;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;
import pgrunbook.yaml.Shown;
import pgrunbook.yaml.YamlNode;

/** Turns a runbook and what its steps see of the world into a plan. */
public final class Planner {
  private final Registry registry;
  private final Looks looks;
  private final Progress progress;
  private final Set<String> skipped = new HashSet<>();

  public Planner(Registry registry, Looks looks, Progress progress) {
    this.registry = registry;
    this.looks = looks;
    this.progress = progress;
  }

  /**
   * What is planned for.
   *
   * @param environmentSource the environment file's text, so that a change of it can be named
   * @param surroundings what is around the database, with the values of variables, no secret ones
   */
  public record Request(
      Runbook runbook,
      Target target,
      TargetFacts facts,
      Map<String, Object> params,
      Map<String, String> env,
      String environmentSource,
      String surroundings) {}

  /** The plan, with every problem that was found; asks the previews and changes nothing. */
  public Plan plan(Request request) {
    var runbook = request.runbook();
    var names =
        Names.of(runbook, request.params(), request.env(), request.target(), Optional.empty());
    var problems = new Problems();
    preconditions(runbook, names, problems);
    var steps = new ArrayList<PlannedStep>();
    List<Claim> held = List.of();
    for (var step : runbook.steps()) {
      var planned = plan(step, names, held, problems);
      if (planned.isEmpty()) {
        names.put(step.id(), promised(step, Map.of()));
        continue;
      }
      steps.add(planned.get());
      held = heldAfter(planned.get(), step.onFailure(), held);
    }
    return Digest.seal(request, steps, problems.list(), Rules.owed(held));
  }

  private static void preconditions(Runbook runbook, Names names, Problems problems) {
    for (var precondition : runbook.preconditions()) {
      var holds = precondition.that().evaluate(names, problems);
      if (holds.isPresent() && holds.get() instanceof Late.Known<Boolean>(var yes) && !yes) {
        problems.add(precondition.place(), "precondition: " + precondition.message());
      }
    }
  }

  private Optional<PlannedStep> plan(Step step, Names names, List<Claim> held, Problems problems) {
    var with = step.with().orElseGet(() -> YamlNode.Mapping.empty(step.place()));
    var mine = new Problems();
    var condition = condition(step, names, mine);
    var bound = Binding.bind(registry, step.action(), with, step.place(), names, mine);
    problems.addAll(mine.list());
    if (bound.isEmpty()) {
      return Optional.empty();
    }
    var shown = shown(step, with, names);
    if (condition == Condition.SKIPPED) {
      skipped.add(step.id());
      names.put(step.id(), new Names.StepValues.Skipped());
      return Optional.of(skipped(step, shown));
    }
    requirements(step, problems);
    return Optional.of(previewed(step, names, held, problems, bound.get(), condition, shown));
  }

  /** Masked here already: the digest of the plan is made of it. */
  private JsonNode shown(Step step, YamlNode.Mapping with, Names names) {
    var tag = new RunTag(Optional.empty(), new StepPath(step.id()));
    var look = looks.look(tag, List.of(), Map.of(), progress);
    return MaskedJson.of(Shown.tree(with, names), look.masking());
  }

  /** A step that will not run can't be relied on by one that will. */
  private void requirements(Step step, Problems problems) {
    for (var required : step.requires()) {
      if (skipped.contains(required)) {
        problems.add(
            step.place(),
            "step '" + step.id() + "' requires '" + required + "', whose 'when' is false",
            "skip both, or none");
      }
    }
  }

  private PlannedStep previewed(
      Step step,
      Names names,
      List<Claim> held,
      Problems problems,
      Bound<?, ?, ?> bound,
      Condition condition,
      JsonNode shown) {
    var path = new StepPath(step.id());
    var look = looks.look(new RunTag(Optional.empty(), path), held, Map.of(), progress);
    progress.doing("looking: " + step.title());
    var preview = bound.preview(look);
    preview.problems().forEach(problem -> problems.add(problem.orAt(step.place())));
    problems.addAll(Rules.missing(step.id(), step.place(), preview, held));
    names.put(step.id(), promised(step, preview.foreseen()));
    var undo = undo(step, path, names, problems, bound, preview, held);
    return new PlannedStep(step, condition, shown, preview, held, undo);
  }

  private static Condition condition(Step step, Names names, Problems problems) {
    if (step.when().isEmpty()) {
      return Condition.RUNS;
    }
    var holds = step.when().get().evaluate(names, problems);
    if (holds.isEmpty()) {
      return Condition.RUNS;
    }
    return switch (holds.get()) {
      case Late.Known<Boolean>(var yes) -> yes ? Condition.RUNS : Condition.SKIPPED;
      case Late.Pending<Boolean> _ -> Condition.DEPENDS;
    };
  }

  private static PlannedStep skipped(Step step, JsonNode shown) {
    var nothing = Preview.of(pgrunbook.action.Effect.READ_ONLY).build();
    return new PlannedStep(step, Condition.SKIPPED, shown, nothing, List.of(), Optional.empty());
  }

  private Names.StepValues promised(Step step, Map<String, String> foreseen) {
    var outputs =
        registry
            .find(step.action())
            .map(action -> Binding.names(action.kind().output()))
            .orElse(List.of());
    return new Names.StepValues.Promised(outputs, foreseen);
  }

  private static List<Claim> heldAfter(PlannedStep step, OnFailure onFailure, List<Claim> held) {
    return switch (step.condition()) {
      case RUNS ->
          onFailure == OnFailure.CONTINUE
              ? evenFailed(held, Rules.after(held, step.preview()))
              : Rules.after(held, step.preview());
      case SKIPPED -> held;
      case DEPENDS -> withOwed(held, Rules.owed(Rules.after(List.of(), step.preview())));
    };
  }

  /** A step that may fail while the run goes on gives nothing to rely on, such as a way back. */
  private static List<Claim> evenFailed(List<Claim> held, List<Claim> after) {
    return after.stream()
        .filter(claim -> claim instanceof Claim.Owes || held.contains(claim))
        .toList();
  }

  /** A step that may not run gives nothing to rely on, but what it takes away may be owed. */
  private static List<Claim> withOwed(List<Claim> held, List<Claim.Owes> owed) {
    var more = new ArrayList<>(held);
    more.addAll(owed);
    return more;
  }

  private Optional<PlannedUndo> undo(
      Step step,
      StepPath path,
      Names names,
      Problems problems,
      Bound<?, ?, ?> bound,
      Preview preview,
      List<Claim> held) {
    var look = looks.look(new RunTag(Optional.empty(), path.undo()), held, Map.of(), progress);
    var kind = bound.action().kind();
    var scope = names.undoing(path, kind, Optional.empty(), Optional.empty());
    if (step.undo().isPresent()) {
      var written = step.undo().get();
      var with = written.with().orElseGet(() -> YamlNode.Mapping.empty(written.place()));
      return Binding.bind(registry, written.action(), with, written.place(), scope, problems)
          .map(call -> new PlannedUndo(written.action(), Optional.empty(), shown(call, look)));
    }
    var call = bound.undo(look);
    if (call.isEmpty() || preview.effect() == pgrunbook.action.Effect.READ_ONLY) {
      return Optional.empty();
    }
    var with = Binding.written(call.get(), step.place());
    return Binding.bind(registry, call.get().action(), with, step.place(), scope, problems)
        .map(undo -> new PlannedUndo(call.get().action(), call, shown(undo, look)));
  }

  private static List<String> shown(Bound<?, ?, ?> bound, pgrunbook.action.Look look) {
    return bound.preview(look).commands();
  }

  /** Problems of a runbook that can be found without any target. */
  public static List<Problem> check(
      Registry registry,
      Runbook runbook,
      Map<String, Object> params,
      Map<String, String> env,
      Target target) {
    var names = Names.of(runbook, params, env, target, Optional.empty());
    var problems = new Problems();
    runbook.preconditions().forEach(it -> it.that().evaluate(names, problems));
    for (var step : runbook.steps()) {
      var with = step.with().orElseGet(() -> YamlNode.Mapping.empty(step.place()));
      step.when().ifPresent(when -> when.evaluate(names, problems));
      var bound = Binding.bind(registry, step.action(), with, step.place(), names, problems);
      bound.ifPresent(call -> checkUndo(registry, step, call, names, problems));
      var outputs =
          registry
              .find(step.action())
              .map(action -> Binding.names(action.kind().output()))
              .orElse(List.of());
      names.put(step.id(), new Names.StepValues.Promised(outputs, Map.of()));
    }
    return problems.list();
  }

  private static void checkUndo(
      Registry registry, Step step, Bound<?, ?, ?> bound, Names names, Problems problems) {
    step.undo()
        .ifPresent(undo -> {
          var path = new StepPath(step.id());
          var kind = bound.action().kind();
          var scope = names.undoing(path, kind, Optional.empty(), Optional.empty());
          var with = undo.with().orElseGet(() -> YamlNode.Mapping.empty(undo.place()));
          Binding.bind(registry, undo.action(), with, undo.place(), scope, problems);
        });
  }
}
