package pgrunbook.engine;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import pgrunbook.action.Acts;
import pgrunbook.action.Claim;
import pgrunbook.action.Effect;
import pgrunbook.action.Registry;
import pgrunbook.action.StepPath;
import pgrunbook.engine.Owed.Debt;
import pgrunbook.journal.Event;
import pgrunbook.journal.StepState.Status;
import pgrunbook.plan.Names;
import pgrunbook.plan.SavedPlan;
import pgrunbook.postgres.PostgresException;
import pgrunbook.runbook.OnFailure;
import pgrunbook.runbook.Runbook;
import pgrunbook.runbook.Step;
import pgrunbook.text.Masking;
import pgrunbook.text.Problem;
import pgrunbook.text.Refused;

/**
 * Carries a plan out, picks it up where it was left, or undoes it. Goes by the plan as it was saved
 * and by the journal, never by what was in memory, so that a first run and a resumed one are one
 * piece of code.
 */
public final class Engine {
  private final Tasks tasks;
  private final Recorder recorder;
  private final Revisit revisit;
  private final StepRunner runner;
  private final Rollback rollback;
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
    this.recorder = parts.recorder();
    this.guard = parts.guard();
    this.watcher = parts.watcher();
    this.stop = parts.stop();
    this.tasks =
        new Tasks(parts.registry(), parts.runbook(), parts.plan(), parts.names(), recorder);
    var scene = new Scene(parts.acts(), parts.folder(), watcher);
    var target = parts.plan().target().database();
    this.revisit = new Revisit(parts.registry(), scene, recorder, target, stop);
    this.runner =
        new StepRunner(parts.registry(), scene, revisit, recorder, guard, parts.masking(), stop);
    this.rollback = new Rollback(tasks, recorder, runner, revisit, guard, watcher, stop);
  }

  /** Carries out whatever is not done yet. */
  public Outcome run() {
    lookAtStanding = !recorder.state().steps().isEmpty();
    var path = new StepPath(lookAtStanding ? "resume" : "run");
    var ghosts = revisit.endLeftBehind(path).map(result -> ended(path, result));
    if (ghosts.isPresent()) {
      return ghosts.get();
    }
    for (var step : tasks.runbook().steps()) {
      var outcome = run(step);
      if (outcome.isPresent()) {
        return outcome.get();
      }
    }
    recorder.append(Event.OVER, data -> data.put("status", "done"));
    return new Outcome.Completed(false);
  }

  /** Undoes, last first, every step that may have had an effect. */
  public Outcome rollback() {
    return rollback.carryOut();
  }

  private Optional<Outcome> run(Step step) {
    var path = new StepPath(step.id());
    switch (recorder.step(path).status()) {
      case FINISHED, SKIPPED, CONTINUED -> {
        tasks.publish(step);
        return Optional.empty();
      }
      case NOT_DONE, STARTED, FAILED, INTERRUPTED, PARTLY, UNKNOWN -> {
        // to be carried out, or looked at
      }
    }
    if (stop.isRequested()) {
      return Optional.of(new Outcome.Interrupted());
    }
    try {
      return runGuarded(step, path);
    } catch (Refused e) {
      return Optional.of(denied(step, path, e.problems()));
    } catch (PostgresException e) {
      return Optional.of(denied(step, path, List.of(e.problem())));
    }
  }

  private Optional<Outcome> runGuarded(Step step, StepPath path) {
    var lost = guard.renew();
    lost.ifPresent(why -> recorder.append(Event.LOCK, data -> data.put("lost", why)));
    var destructive = tasks.saved(step).effect() == Effect.DESTRUCTIVE;
    if (lookAtStanding || lost.isPresent() || destructive) {
      lookAtStanding = false;
      var outcome = reestablish(step);
      if (outcome.isPresent()) {
        return outcome;
      }
    }
    if (!tasks.applies(step)) {
      recorder.skipped(path, "its 'when' is false");
      tasks.publish(step);
      watcher.ends(path, step.title(), Watcher.Ending.SKIPPED, Duration.ZERO, Optional.empty());
      return Optional.empty();
    }
    checkRequired(step);
    return outcome(step, path, runner.carry(tasks.of(step)));
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
      case Result.Done _ -> {
        tasks.publish(step);
        yield Optional.empty();
      }
      case Result.Failed(var problem) when step.onFailure() == OnFailure.CONTINUE -> {
        recorder.continued(path, problem.what());
        tasks.publish(step);
        yield Optional.empty();
      }
      case Result.Failed(var problem) ->
          Optional.of(rolledBack(step, new Outcome.Failed(path, problem)));
      case Result.Denied(var problems) -> Optional.of(denied(step, path, problems));
      case Result.Unknown _, Result.Interrupted _ -> Optional.of(ended(path, result));
    };
  }

  private static Outcome ended(StepPath path, Result result) {
    return switch (result) {
      case Result.Unknown(var problem) -> new Outcome.Undecided(path, problem);
      case Result.Failed(var problem) -> new Outcome.Failed(path, problem);
      case Result.Denied(var problems) -> new Outcome.Denied(problems);
      case Result.Done _, Result.Interrupted _ -> new Outcome.Interrupted();
    };
  }

  /** What a wish to stop has cut short is no refusal. */
  private Outcome denied(Step step, StepPath path, List<Problem> problems) {
    if (stop.isRequested()) {
      return new Outcome.Interrupted();
    }
    recorder.refused(path, problems.getFirst().what());
    return rolledBack(step, new Outcome.Denied(problems));
  }

  private Outcome rolledBack(Step step, Outcome outcome) {
    if (step.onFailure() != OnFailure.ROLLBACK) {
      return outcome;
    }
    watcher.note("step " + step.id() + " did not succeed; rolling back, as on_failure says");
    var undone = rollback();
    return undone instanceof Outcome.Completed ? outcome : undone;
  }

  /** Makes sure that what finished steps took away, and still owe, is still taken away. */
  private Optional<Outcome> reestablish(Step before) {
    for (var debt : Owed.of(tasks.plan(), recorder.state())) {
      if (!debt.certain() || mayBePaidBy(before, debt)) {
        continue;
      }
      var step = tasks.runbook().step(debt.step().text()).orElseThrow();
      var gone = revisit.gone(tasks.of(step));
      if (gone.isEmpty()) {
        continue;
      }
      if (tasks.saved(step).effect() == Effect.DESTRUCTIVE) {
        throw new Refused(
            "what step " + step.id() + " did does not hold any more: " + gone.get(),
            "look who changed it, then 'rollback'");
      }
      watcher.note(step.id() + " does not hold any more (" + gone.get() + "): once more");
      recorder.again(debt.step(), gone.get());
      var outcome = outcome(step, debt.step(), runner.carry(tasks.of(step)));
      if (outcome.isPresent()) {
        return outcome;
      }
    }
    return Optional.empty();
  }

  /** A step that was begun may have given back already what it is there to give back. */
  private boolean mayBePaidBy(Step before, Debt debt) {
    var path = new StepPath(before.id());
    return debt.step().equals(path)
        || (recorder.step(path).status().isOpen()
            && tasks.saved(before).leaves().contains(new Claim.Pays(debt.owes().id())));
  }
}
