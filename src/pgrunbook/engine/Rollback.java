package pgrunbook.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgrunbook.action.StepPath;
import pgrunbook.journal.Event;
import pgrunbook.journal.StepState.Status;
import pgrunbook.postgres.PostgresException;
import pgrunbook.runbook.Step;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;
import pgrunbook.text.Refused;

/** Undoes a run, last step first; can itself be killed and picked up again. */
final class Rollback {
  private final Tasks tasks;
  private final Recorder recorder;
  private final StepRunner runner;
  private final Revisit revisit;
  private final TargetGuard guard;
  private final Watcher watcher;
  private final Stop stop;

  Rollback(
      Tasks tasks,
      Recorder recorder,
      StepRunner runner,
      Revisit revisit,
      TargetGuard guard,
      Watcher watcher,
      Stop stop) {
    this.tasks = tasks;
    this.recorder = recorder;
    this.runner = runner;
    this.revisit = revisit;
    this.guard = guard;
    this.watcher = watcher;
    this.stop = stop;
  }

  Outcome carryOut() {
    try {
      return carryOutGuarded();
    } catch (Refused e) {
      return denied(e.problems());
    } catch (PostgresException e) {
      return denied(List.of(e.problem()));
    }
  }

  private Outcome denied(List<Problem> problems) {
    return stop.isRequested() ? new Outcome.Interrupted() : new Outcome.Denied(problems);
  }

  private Outcome carryOutGuarded() {
    tasks.runbook().steps().forEach(tasks::publish);
    var steps = new ArrayList<>(tasks.runbook().steps()).reversed();
    if (!recorder.state().isRollingBack()) {
      refuseImpossible(steps);
      recorder.append(Event.ROLLBACK, _ -> {});
    }
    var ghosts = revisit.endLeftBehind(new StepPath("rollback"));
    if (ghosts.isPresent()) {
      return outcome(new StepPath("rollback"), ghosts.get()).orElseThrow();
    }
    for (var step : steps) {
      if (stop.isRequested()) {
        return new Outcome.Interrupted();
      }
      var outcome = undo(step);
      if (outcome.isPresent()) {
        return outcome.get();
      }
    }
    recorder.append(Event.OVER, data -> data.put("status", "rolled_back"));
    return new Outcome.Completed(true);
  }

  /** Nothing is undone where a later part of the way back is known to be closed. */
  private void refuseImpossible(List<Step> steps) {
    var problems = new Problems();
    for (var step : steps) {
      if (isToBeUndone(step)) {
        tasks.undoing(step).ifPresent(task -> problems.addAll(revisit.problemsOf(task)));
      }
    }
    if (!problems.isEmpty()) {
      throw new Refused(problems.list());
    }
  }

  private boolean isToBeUndone(Step step) {
    var path = new StepPath(step.id());
    var undone = recorder.step(path.undo()).status();
    return recorder.step(path).status().mayHaveHadEffect()
        && undone != Status.FINISHED
        && undone != Status.SKIPPED
        && tasks.undoApplies(step);
  }

  private Optional<Outcome> undo(Step step) {
    var path = new StepPath(step.id());
    if (!recorder.step(path).status().mayHaveHadEffect()) {
      return Optional.empty();
    }
    guard.renew();
    var task = tasks.undoing(step);
    if (task.isEmpty()) {
      if (tasks.saved(step).effect().changesSomething()) {
        watcher.note(step.id() + " has nothing to undo");
      }
      return Optional.empty();
    }
    if (!isToBeUndone(step)) {
      if (recorder.step(path.undo()).status() == Status.NOT_DONE) {
        recorder.skipped(path.undo(), "nothing to give back");
      }
      return Optional.empty();
    }
    return outcome(path.undo(), runner.carry(task.get()));
  }

  private static Optional<Outcome> outcome(StepPath path, Result result) {
    return switch (result) {
      case Result.Done _ -> Optional.empty();
      case Result.Failed(var problem) -> Optional.of(new Outcome.Failed(path, problem));
      case Result.Denied(var problems) -> Optional.of(new Outcome.Denied(problems));
      case Result.Unknown(var problem) -> Optional.of(new Outcome.Undecided(path, problem));
      case Result.Interrupted() -> Optional.of(new Outcome.Interrupted());
    };
  }
}
