package pgrunbook.engine;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import pgrunbook.action.Registry;
import pgrunbook.action.StepFailed;
import pgrunbook.engine.Watcher.Ending;
import pgrunbook.plan.Binding;
import pgrunbook.plan.Bound;
import pgrunbook.postgres.PostgresException;
import pgrunbook.process.BoundedLog;
import pgrunbook.process.Deadline;
import pgrunbook.text.Durations;
import pgrunbook.text.Masking;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;
import pgrunbook.text.Refused;

/** Carries one step out: looks where it was left, journals, tries, and tries again. */
final class StepRunner {
  private final Registry registry;
  private final Scene scene;
  private final Revisit revisit;
  private final Recorder recorder;
  private final TargetGuard guard;
  private final Watcher watcher;
  private final Masking masking;
  private final Stop stop;

  StepRunner(
      Registry registry,
      Scene scene,
      Revisit revisit,
      Recorder recorder,
      TargetGuard guard,
      Masking masking,
      Stop stop) {
    this.registry = registry;
    this.scene = scene;
    this.revisit = revisit;
    this.recorder = recorder;
    this.guard = guard;
    this.watcher = scene.watcher();
    this.masking = masking;
    this.stop = stop;
  }

  /** Carries the task out, from wherever an earlier process left it. */
  Result carry(Task task) {
    var problems = new Problems();
    var bound =
        Binding.bind(registry, task.action(), task.with(), task.place(), task.scope(), problems);
    if (bound.isEmpty()) {
      return new Result.Denied(problems.list());
    }
    try {
      return carry(task, bound.get());
    } catch (Refused e) {
      return denied(e.problems());
    } catch (PostgresException e) {
      return denied(List.of(e.problem()));
    }
  }

  /** What a wish to stop has cut short is no refusal. */
  private Result denied(List<Problem> problems) {
    return stop.isRequested() ? new Result.Interrupted() : new Result.Denied(problems);
  }

  private <I extends Record, N extends Record, O extends Record> Result carry(
      Task task, Bound<I, N, O> bound) {
    var attempt = 0;
    var pause = task.retry().delay();
    while (true) {
      attempt++;
      var before = recorder.step(task.path());
      if (before.status().isOpen()) {
        var found = revisit.lookAgain(task, bound, before);
        if (found.isPresent()) {
          return found.get();
        }
      }
      var earlier = Revisit.intentOf(before, bound.action());
      var result = attempt(task, bound, earlier, before.attempts() + 1);
      var mayRetry = result instanceof Result.Failed && attempt < task.retry().maxAttempts();
      if (!mayRetry || stop.isRequested() || guard.isLost()) {
        return result;
      }
      if (!sleep(pause)) {
        return new Result.Interrupted();
      }
      pause = Duration.ofMillis((long) (pause.toMillis() * task.retry().backoff()));
    }
  }

  private boolean sleep(Duration pause) {
    try {
      Thread.sleep(pause);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private <I extends Record, N extends Record, O extends Record> Result attempt(
      Task task, Bound<I, N, O> bound, Optional<N> earlier, int number) {
    watcher.starts(task.path(), task.title(), number);
    var start = recorder.now();
    var result = journaledAttempt(task, bound, earlier);
    var took = Duration.between(start, recorder.now());
    var why =
        switch (result) {
          case Result.Failed(var problem) -> Optional.of(problem);
          case Result.Unknown(var problem) -> Optional.of(problem);
          case Result.Denied(var problems) -> problems.stream().findFirst();
          case Result.Done _, Result.Interrupted _ -> Optional.<Problem>empty();
        };
    watcher.ends(task.path(), task.title(), ending(result), took, why);
    return result;
  }

  private static Ending ending(Result result) {
    return switch (result) {
      case Result.Done _ -> Ending.DONE;
      case Result.Failed _, Result.Denied _ -> Ending.FAILED;
      case Result.Unknown _ -> Ending.UNKNOWN;
      case Result.Interrupted _ -> Ending.INTERRUPTED;
    };
  }

  private <I extends Record, N extends Record, O extends Record> Result journaledAttempt(
      Task task, Bound<I, N, O> bound, Optional<N> earlier) {
    if (earlier.isEmpty()) {
      var changed = Agreement.changedSincePlan(task, bound.preview(scene.look(task)));
      if (!changed.isEmpty()) {
        return new Result.Denied(changed);
      }
    }
    var deadline = task.timeout().map(Deadline::in).orElse(Deadline.none());
    try (var log = new BoundedLog(scene.folder().log(task.path().text()), masking)) {
      var act = scene.act(task, deadline, log::line);
      var action = bound.action();
      var intent = action.intend(bound.input(), earlier, act);
      if (stop.isRequested()) {
        return new Result.Interrupted();
      }
      recorder.started(task.path(), action.kind(), bound.input(), intent);
      var blocked = new AtomicReference<Optional<String>>(Optional.empty());
      var ended =
          Worker.carry(
              () -> action.run(bound.input(), intent, act),
              deadline,
              stop,
              guard::givenUp,
              () -> blocked.set(Blocked.by(act.cluster(), act.run().applicationName())),
              () -> act.cluster().cancelAll());
      return journalEnd(task, ended, blocked.get(), log);
    } catch (StepFailed e) {
      return new Result.Denied(List.of(new Problem(task.place(), message(e), e.hint())));
    } catch (InterruptedException e) {
      return new Result.Interrupted();
    }
  }

  private <O extends Record> Result journalEnd(
      Task task, Worker.Ended<O> ended, Optional<String> blocked, BoundedLog log) {
    return switch (ended) {
      case Worker.Ended.Well<O>(var outputs) -> finished(task, outputs);
      case Worker.Ended.Badly<O>(var why) -> badly(task, why, log);
      case Worker.Ended.TimedOut<O>() -> {
        var problem = tookTooLong(task, blocked);
        recorder.failed(task.path(), problem, false);
        yield new Result.Failed(problem);
      }
      case Worker.Ended.GivenUp<O>(var problem) -> {
        recorder.failed(task.path(), problem, false);
        yield new Result.Failed(problem);
      }
      case Worker.Ended.Stopped<O>() -> {
        recorder.interrupted(task.path());
        yield new Result.Interrupted();
      }
      case Worker.Ended.Stuck<O>() -> {
        recorder.interrupted(task.path());
        yield new Result.Unknown(
            Problem.of(
                "the step was told to end and does not",
                "this process ends now; look at the target, then 'resume'"));
      }
    };
  }

  private static Problem tookTooLong(Task task, Optional<String> blocked) {
    var what = "it took longer than " + task.timeout().map(Durations::shown).orElse("its time");
    var more = "give it more time with 'timeout:'";
    return blocked
        .map(who ->
            Problem.of(
                what + ": it waited for a lock of " + who,
                "wait until that has ended, or end it; or " + more))
        .orElseGet(() -> Problem.of(what, more));
  }

  private <O extends Record> Result finished(Task task, O outputs) {
    var unforeseen = Agreement.unforeseen(task, outputs);
    if (unforeseen.isPresent()) {
      recorder.failed(task.path(), unforeseen.get(), false);
      return new Result.Denied(List.of(unforeseen.get()));
    }
    return new Result.Done(recorder.finished(task.path(), outputs));
  }

  private Result badly(Task task, Throwable why, BoundedLog log) {
    if (stop.isRequested()) {
      recorder.interrupted(task.path());
      return new Result.Interrupted();
    }
    var problem =
        switch (why) {
          case StepFailed e -> new Problem(task.place(), message(e), e.hint());
          case PostgresException e -> e.problem();
          case Refused e -> e.problems().getFirst();
          case SQLException e -> Problem.of(message(e));
          default -> {
            log.line(Stacks.of(why));
            yield Problem.of(
                "an error of pgrunbook itself: " + why,
                "the step's log has the details; please report it");
          }
        };
    recorder.failed(task.path(), problem, why instanceof StepFailed e && e.certain());
    return new Result.Failed(masked(problem));
  }

  private Problem masked(Problem problem) {
    return new Problem(
        problem.at(), masking.mask(problem.what()), problem.hint().map(masking::mask));
  }

  private String message(Throwable e) {
    return masking.mask(String.valueOf(e.getMessage()));
  }
}
