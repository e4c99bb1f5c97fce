package pgrunbook.engine;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import pgrunbook.action.Call;
import pgrunbook.action.Claim;
import pgrunbook.action.Effect;
import pgrunbook.action.Registry;
import pgrunbook.action.StepPath;
import pgrunbook.expression.Expression;
import pgrunbook.expression.Late;
import pgrunbook.expression.Scope;
import pgrunbook.journal.StepState.Status;
import pgrunbook.plan.Binding;
import pgrunbook.plan.ClaimJson;
import pgrunbook.plan.Names;
import pgrunbook.plan.PlannedStep.Condition;
import pgrunbook.plan.SavedPlan;
import pgrunbook.plan.SavedPlan.SavedStep;
import pgrunbook.runbook.Retry;
import pgrunbook.runbook.Runbook;
import pgrunbook.runbook.Step;
import pgrunbook.text.Problems;
import pgrunbook.text.Refused;
import pgrunbook.yaml.YamlNode;

/** Turns a runbook's steps, and their ways back, into tasks; keeps what names stand for by now. */
final class Tasks {
  /** How a plan shows an output of a step. */
  private static final Pattern PENDING = Pattern.compile("‹steps\\.([^.›]+)\\.([^.›]+)›");

  private static final SavedStep NO_STEP =
      new SavedStep(
          Condition.RUNS,
          Effect.READ_ONLY,
          List.of(),
          List.of(),
          List.of(),
          Map.of(),
          Optional.empty());

  private final Registry registry;
  private final Runbook runbook;
  private final SavedPlan plan;
  private final Names names;
  private final Recorder recorder;

  Tasks(Registry registry, Runbook runbook, SavedPlan plan, Names names, Recorder recorder) {
    this.registry = registry;
    this.runbook = runbook;
    this.plan = plan;
    this.names = names;
    this.recorder = recorder;
  }

  Runbook runbook() {
    return runbook;
  }

  SavedPlan plan() {
    return plan;
  }

  SavedStep saved(Step step) {
    return plan.steps().getOrDefault(step.id(), NO_STEP);
  }

  Task of(Step step) {
    var saved = saved(step);
    return new Task(
        new StepPath(step.id()),
        step.title(),
        step.action(),
        step.with().orElseGet(() -> YamlNode.Mapping.empty(step.place())),
        step.place(),
        names,
        held(saved),
        saved.foreseen(),
        saved.facts(),
        step.timeout(),
        step.retry());
  }

  /** From now on the names of a step's outputs stand for what the journal says. */
  void publish(Step step) {
    var state = recorder.step(new StepPath(step.id()));
    names.put(
        step.id(),
        state.status() == Status.FINISHED
            ? new Names.StepValues.Yielded(state.outputs())
            : new Names.StepValues.Skipped());
  }

  /** Whether the step runs: what the plan has decided stays so. */
  boolean applies(Step step) {
    return switch (saved(step).condition()) {
      case RUNS -> true;
      case SKIPPED -> false;
      case DEPENDS -> step.when().map(when -> holds(when, names)).orElse(true);
    };
  }

  private static boolean holds(Expression expression, Scope scope) {
    var problems = new Problems();
    var value = expression.evaluate(scope, problems);
    refuse(problems);
    return value.map(Late::get).orElse(false);
  }

  /** In the midst of a run nothing is a matter of usage any more. */
  private static void refuse(Problems problems) {
    if (!problems.isEmpty()) {
      throw new Refused(problems.list());
    }
  }

  /** What earlier steps left, named by what they yielded and no more by what a plan shows. */
  private List<Claim> held(SavedStep saved) {
    return ClaimJson.changed(saved.held(), this::yielded);
  }

  private String yielded(String shown) {
    return PENDING
        .matcher(shown)
        .replaceAll(match -> {
          var outputs = recorder.step(new StepPath(match.group(1))).outputs();
          return Matcher.quoteReplacement(outputs.path(match.group(2)).asText(match.group()));
        });
  }

  /** The way back of a step; empty where it has none. */
  Optional<Task> undoing(Step step) {
    var title = "undo: " + step.title();
    if (step.undo().isPresent()) {
      var written = step.undo().get();
      var with = written.with().orElseGet(() -> YamlNode.Mapping.empty(written.place()));
      return Optional.of(undoing(step, title, written.action(), with));
    }
    return saved(step)
        .undo()
        .map(call -> undoing(step, title, call.action(), Binding.written(call, step.place())));
  }

  private Task undoing(Step step, String title, String action, YamlNode.Mapping with) {
    return new Task(
        new StepPath(step.id()).undo(),
        title,
        action,
        with,
        step.place(),
        scopeOfUndo(step),
        held(saved(step)),
        Map.of(),
        List.of(),
        Optional.empty(),
        Retry.NEVER);
  }

  /** Whether there is something to give back, as the step's own way back says. */
  boolean undoApplies(Step step) {
    var when = saved(step).undo().flatMap(Call::when);
    if (step.undo().isPresent() || when.isEmpty()) {
      return true;
    }
    var problems = new Problems();
    var expression = Expression.parse(when.get(), step.place(), problems);
    refuse(problems);
    return holds(expression, scopeOfUndo(step));
  }

  private Names scopeOfUndo(Step step) {
    var path = new StepPath(step.id());
    var state = recorder.step(path);
    var kind = registry.find(step.action()).orElseThrow().kind();
    var intent = state.intent().orElseGet(JsonNodeFactory.instance::objectNode);
    return names.undoing(path, kind, Optional.of(intent), Optional.of(state.outputs()));
  }
}
