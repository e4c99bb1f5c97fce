package pgrunbook.engine;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import pgrunbook.action.Acts;
import pgrunbook.action.Claim;
import pgrunbook.action.Effect;
import pgrunbook.action.Registry;
import pgrunbook.action.StepPath;
import pgrunbook.expression.Expression;
import pgrunbook.expression.Late;
import pgrunbook.expression.Scope;
import pgrunbook.journal.Event;
import pgrunbook.journal.StepState.Status;
import pgrunbook.plan.Binding;
import pgrunbook.plan.ClaimJson;
import pgrunbook.plan.Names;
import pgrunbook.plan.SavedPlan;
import pgrunbook.plan.SavedPlan.SavedStep;
import pgrunbook.postgres.PostgresException;
import pgrunbook.runbook.Retry;
import pgrunbook.runbook.Runbook;
import pgrunbook.runbook.Step;
import pgrunbook.text.Masking;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;
import pgrunbook.text.Refused;
import pgrunbook.yaml.YamlNode;

/**
 * Carries a plan out, picks it up where it was left, or undoes it. Goes by the plan as it was saved
 * and by the journal, never by what was in memory, so that a first run and a resumed one are one
 * piece of code.
 */
public final class Engine {
  private static final SavedStep NO_STEP =
      new SavedStep(Effect.READ_ONLY, List.of(), List.of(), List.of(), Map.of(), Optional.empty());

  /** How a plan shows an output of a step. */
  private static final Pattern PENDING = Pattern.compile("‹steps\\.([^.›]+)\\.([^.›]+)›");

  private final Registry registry;
  private final Runbook runbook;
  private final SavedPlan plan;
  private final Names names;
  private final Recorder recorder;
  private final StepRunner runner;
  private final TargetGuard guard;
  private final Watcher watcher;
  private final Stop stop;

  /** Whether what finished steps established has to be looked at before anything else. */
  private boolean lookAtStanding;

  /** What an engine works with. */
  public record Parts(
      Registry registry,
      Runbook runbook,
      SavedPlan plan,
      Names names,
      Recorder recorder,
      RunFolder folder,
      Acts acts,
      TargetGuard guard,
      Watcher watcher,
      Masking masking,
      Stop stop) {}

  public Engine(Parts parts) {
    this.registry = parts.registry();
    this.runbook = parts.runbook();
    this.plan = parts.plan();
    this.names = parts.names();
    this.recorder = parts.recorder();
    this.guard = parts.guard();
    this.watcher = parts.watcher();
    this.stop = parts.stop();
    this.runner =
        new StepRunner(
            registry, parts.acts(), recorder, parts.folder(), watcher, parts.masking(), stop);
  }

  /** Carries out whatever is not done yet. */
  public Outcome run() {
    lookAtStanding = !recorder.state().steps().isEmpty();
    for (var step : runbook.steps()) {
      var outcome = run(step);
      if (outcome.isPresent()) {
        return outcome.get();
      }
    }
    recorder.append(Event.OVER, data -> data.put("status", "done"));
    return new Outcome.Completed(false);
  }

  /** What a wish to stop has cut short is no refusal. */
  private Outcome denied(List<Problem> problems) {
    return stop.isRequested() ? new Outcome.Interrupted() : new Outcome.Denied(problems);
  }

  private Optional<Outcome> run(Step step) {
    var path = new StepPath(step.id());
    var state = recorder.step(path);
    if (state.status() == Status.FINISHED) {
      names.put(step.id(), new Names.StepValues.Yielded(state.outputs()));
      return Optional.empty();
    }
    if (state.status() == Status.SKIPPED) {
      names.put(step.id(), new Names.StepValues.Skipped());
      return Optional.empty();
    }
    if (stop.isRequested()) {
      return Optional.of(new Outcome.Interrupted());
    }
    try {
      return runGuarded(step, path);
    } catch (Refused e) {
      return Optional.of(denied(e.problems()));
    } catch (PostgresException e) {
      return Optional.of(denied(List.of(e.problem())));
    }
  }

  private Optional<Outcome> runGuarded(Step step, StepPath path) {
    var lost = guard.renew();
    lost.ifPresent(why -> recorder.append(Event.LOCK, data -> data.put("lost", why)));
    var saved = saved(step);
    if (lookAtStanding || lost.isPresent() || saved.effect() == Effect.DESTRUCTIVE) {
      lookAtStanding = false;
      var outcome = reestablish(step);
      if (outcome.isPresent()) {
        return outcome;
      }
    }
    if (!applies(step)) {
      recorder.skipped(path, "its 'when' is false");
      names.put(step.id(), new Names.StepValues.Skipped());
      watcher.ends(
          path, step.title(), Watcher.Ending.SKIPPED, java.time.Duration.ZERO, Optional.empty());
      return Optional.empty();
    }
    checkRequired(step);
    return outcome(step, path, runner.carry(task(step)));
  }

  private boolean applies(Step step) {
    return step.when().map(when -> holds(when, names)).orElse(true);
  }

  private static boolean holds(Expression expression, Scope scope) {
    var problems = new Problems();
    var value = expression.evaluate(scope, problems);
    problems.throwIfAny();
    return value.map(Late::get).orElse(false);
  }

  private void checkRequired(Step step) {
    for (var required : step.requires()) {
      if (recorder.step(new StepPath(required)).status() != Status.FINISHED) {
        throw new Refused(
            "step " + step.id() + " requires " + required + ", which is not done",
            "look at why " + required + " was skipped or failed, then 'rollback'");
      }
    }
  }

  private Optional<Outcome> outcome(Step step, StepPath path, Result result) {
    return switch (result) {
      case Result.Done(var outputs) -> {
        names.put(step.id(), new Names.StepValues.Yielded(outputs));
        yield Optional.empty();
      }
      case Result.Denied(var problems) -> Optional.of(new Outcome.Denied(problems));
      case Result.Unknown(var problem) -> Optional.of(new Outcome.Undecided(path, problem));
      case Result.Interrupted() -> Optional.of(new Outcome.Interrupted());
      case Result.Failed(var problem) -> failed(step, path, problem);
    };
  }

  private Optional<Outcome> failed(Step step, StepPath path, Problem problem) {
    return switch (step.onFailure()) {
      case STOP -> Optional.of(new Outcome.Failed(path, problem));
      case CONTINUE -> {
        recorder.skipped(path, "it failed, and on_failure is continue: " + problem.what());
        names.put(step.id(), new Names.StepValues.Skipped());
        yield Optional.empty();
      }
      case ROLLBACK -> {
        watcher.note("step " + path + " failed; rolling back, as on_failure says");
        var undone = rollback();
        yield Optional.of(
            undone instanceof Outcome.Completed ? new Outcome.Failed(path, problem) : undone);
      }
    };
  }

  private SavedStep saved(Step step) {
    return plan.steps().getOrDefault(step.id(), NO_STEP);
  }

  private Task task(Step step) {
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

  /** What earlier steps left, named by what they yielded and no more by what a plan shows. */
  private List<Claim> held(SavedStep saved) {
    return ClaimJson.changed(saved.held(), this::yielded);
  }

  private String yielded(String shown) {
    var matcher = PENDING.matcher(shown);
    return matcher.replaceAll(match -> {
      var outputs = recorder.step(new StepPath(match.group(1))).outputs();
      var text = outputs.path(match.group(2)).asText(match.group());
      return java.util.regex.Matcher.quoteReplacement(text);
    });
  }

  /** Makes sure that what finished steps took away, and still owe, is still taken away. */
  private Optional<Outcome> reestablish(Step before) {
    for (var debt : Owed.of(plan, recorder.state())) {
      if (!debt.certain() || debt.step().text().equals(before.id())) {
        continue;
      }
      var step = runbook.step(debt.step().text()).orElseThrow();
      var gone = runner.gone(task(step));
      if (gone.isEmpty()) {
        continue;
      }
      if (saved(step).effect() == Effect.DESTRUCTIVE) {
        throw new Refused(
            "what step " + step.id() + " did does not hold any more: " + gone.get(),
            "look who changed it, then 'rollback'");
      }
      watcher.note(step.id() + " does not hold any more (" + gone.get() + "): once more");
      recorder.again(debt.step(), gone.get());
      var outcome = outcome(step, debt.step(), runner.carry(task(step)));
      if (outcome.isPresent()) {
        return outcome;
      }
    }
    return Optional.empty();
  }

  /** Undoes, last first, every step that may have had an effect. */
  public Outcome rollback() {
    recorder.append(Event.ROLLBACK, _ -> {});
    publishOutputs();
    var steps = new ArrayList<>(runbook.steps());
    for (var step : steps.reversed()) {
      if (stop.isRequested()) {
        return new Outcome.Interrupted();
      }
      try {
        var outcome = undo(step);
        if (outcome.isPresent()) {
          return outcome.get();
        }
      } catch (Refused e) {
        return denied(e.problems());
      } catch (PostgresException e) {
        return denied(List.of(e.problem()));
      }
    }
    recorder.append(Event.OVER, data -> data.put("status", "rolled_back"));
    return new Outcome.Completed(true);
  }

  private void publishOutputs() {
    for (var step : runbook.steps()) {
      var state = recorder.step(new StepPath(step.id()));
      names.put(
          step.id(),
          state.status() == Status.FINISHED
              ? new Names.StepValues.Yielded(state.outputs())
              : new Names.StepValues.Skipped());
    }
  }

  private Optional<Outcome> undo(Step step) {
    var path = new StepPath(step.id());
    var state = recorder.step(path);
    var undone = recorder.step(path.undo());
    if (!state.status().mayHaveHadEffect()
        || undone.status() == Status.FINISHED
        || undone.status() == Status.SKIPPED) {
      return Optional.empty();
    }
    guard.renew();
    var scope = undoScope(step, path);
    var task = undoTask(step, path, scope);
    if (task.isEmpty()) {
      if (saved(step).effect().changesSomething() && saved(step).undo().isEmpty()) {
        watcher.note(step.id() + " has nothing to undo");
      }
      return Optional.empty();
    }
    var when = saved(step).undo().flatMap(pgrunbook.action.Call::when);
    if (step.undo().isEmpty() && when.isPresent() && !holds(when.get(), scope, step)) {
      recorder.skipped(path.undo(), "nothing to give back");
      return Optional.empty();
    }
    return switch (runner.carry(task.get())) {
      case Result.Done _ -> Optional.empty();
      case Result.Failed(var problem) -> Optional.of(new Outcome.Failed(path.undo(), problem));
      case Result.Denied(var problems) -> Optional.of(new Outcome.Denied(problems));
      case Result.Unknown(var problem) -> Optional.of(new Outcome.Undecided(path.undo(), problem));
      case Result.Interrupted() -> Optional.of(new Outcome.Interrupted());
    };
  }

  private static boolean holds(String when, Scope scope, Step step) {
    var problems = new Problems();
    var expression = Expression.parse(when, step.place(), problems);
    problems.throwIfAny();
    return holds(expression, scope);
  }

  private Names undoScope(Step step, StepPath path) {
    var state = recorder.step(path);
    var kind = registry.find(step.action()).orElseThrow().kind();
    var intent = Optional.of(state.intent().orElseGet(Engine::empty));
    return names.undoing(path, kind, intent, Optional.of(state.outputs()));
  }

  private static ObjectNode empty() {
    return JsonNodeFactory.instance.objectNode();
  }

  private Optional<Task> undoTask(Step step, StepPath path, Scope scope) {
    var title = "undo: " + step.title();
    var held = held(saved(step));
    if (step.undo().isPresent()) {
      var written = step.undo().get();
      var with = written.with().orElseGet(() -> YamlNode.Mapping.empty(written.place()));
      return Optional.of(
          new Task(
              path.undo(),
              title,
              written.action(),
              with,
              written.place(),
              scope,
              held,
              Map.of(),
              List.of(),
              Optional.empty(),
              Retry.NEVER));
    }
    return saved(step)
        .undo()
        .map(call ->
            new Task(
                path.undo(),
                title,
                call.action(),
                Binding.written(call, step.place()),
                step.place(),
                scope,
                held,
                Map.of(),
                List.of(),
                Optional.empty(),
                Retry.NEVER));
  }
}
