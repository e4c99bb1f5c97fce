package pgrunbook.engine;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pgrunbook.action.Action;
import pgrunbook.action.Acts;
import pgrunbook.action.Effect;
import pgrunbook.action.Fact;
import pgrunbook.action.Look;
import pgrunbook.action.Observed;
import pgrunbook.action.Preview;
import pgrunbook.action.Registry;
import pgrunbook.action.RunTag;
import pgrunbook.action.StepFailed;
import pgrunbook.action.StepPath;
import pgrunbook.engine.Watcher.Ending;
import pgrunbook.journal.StepState;
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
import pgrunbook.yaml.Records;

/** Carries one step out: looks where it was left, journals, tries, and tries again. */
final class StepRunner {
  /** How long ended sessions may take to be gone. */
  private static final Duration GHOST_PATIENCE = Duration.ofSeconds(30);

  private final Registry registry;
  private final Acts acts;
  private final Recorder recorder;
  private final RunFolder folder;
  private final Watcher watcher;
  private final Masking masking;
  private final Stop stop;

  StepRunner(
      Registry registry,
      Acts acts,
      Recorder recorder,
      RunFolder folder,
      Watcher watcher,
      Masking masking,
      Stop stop) {
    this.registry = registry;
    this.acts = acts;
    this.recorder = recorder;
    this.folder = folder;
    this.watcher = watcher;
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
        var found = lookAgain(task, bound, before);
        if (found.isPresent()) {
          return found.get();
        }
      }
      var earlier = intentOf(before, bound.action());
      var result = attempt(task, bound, earlier, before.attempts() + 1);
      var mayRetry = result instanceof Result.Failed && attempt < task.retry().maxAttempts();
      if (!mayRetry || stop.isRequested()) {
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

  private static <I extends Record, N extends Record, O extends Record> Optional<N> intentOf(
      StepState state, Action<I, N, O> action) {
    return state.intent().map(json -> Records.fromJson(json, action.kind().intent()));
  }

  /** Ends what an earlier attempt left working and looks how far it came. */
  private <I extends Record, N extends Record, O extends Record> Optional<Result> lookAgain(
      Task task, Bound<I, N, O> bound, StepState before) {
    var kind = bound.action().kind();
    if (before.actionVersion() != kind.version()) {
      throw new Refused(
          "step "
              + task.path()
              + " was started by version "
              + before.actionVersion()
              + " of "
              + kind.name()
              + ", this is version "
              + kind.version(),
          "resume with the pgrunbook that started the run");
    }
    var unknown = endGhosts(task.path());
    if (unknown.isPresent()) {
      return unknown;
    }
    var intent = intentOf(before, bound.action()).orElseThrow();
    var look = look(task);
    return switch (bound.action().inspect(bound.input(), intent, look)) {
      case Observed.Done<O>(var outputs) -> {
        var unforeseen = unforeseen(task, outputs);
        if (unforeseen.isPresent()) {
          yield Optional.of(new Result.Denied(List.of(unforeseen.get())));
        }
        var json = recorder.observedDone(task.path(), outputs);
        watcher.ends(task.path(), task.title(), Ending.FOUND_DONE, Duration.ZERO, Optional.empty());
        yield Optional.of(new Result.Done(json));
      }
      case Observed.NotDone<O>() -> {
        recorder.observed(task.path(), "not_done", "");
        yield Optional.empty();
      }
      case Observed.Partly<O>(var what) -> {
        recorder.observed(task.path(), "partly", what);
        watcher.note(task.path() + ": an earlier attempt came part of the way: " + what);
        yield Optional.empty();
      }
      case Observed.Unknown<O>(var why) -> unknown(task, before, why);
    };
  }

  /** A failure whose end was seen is no riddle: whoever says resume wants it tried again. */
  private Optional<Result> unknown(Task task, StepState before, String why) {
    if (before.status() == StepState.Status.FAILED && before.certain()) {
      recorder.observed(task.path(), "partly", "it had failed, and is tried again");
      return Optional.empty();
    }
    recorder.observed(task.path(), "unknown", why);
    var hint =
        "find out, then '%1$s --redo %2$s' or '%1$s --done %2$s'"
            .formatted(task.path().isUndo() ? "rollback" : "resume", task.path());
    var problem = Problem.of("nobody can tell how step " + task.path() + " ended: " + why, hint);
    watcher.ends(task.path(), task.title(), Ending.UNKNOWN, Duration.ZERO, Optional.of(problem));
    return Optional.of(new Result.Unknown(problem));
  }

  /** Ends whatever sessions an earlier process of this run has left on the server. */
  Optional<Result> endGhosts(StepPath path) {
    var run = new RunTag(Optional.of(folder.id()), path);
    var act = acts.act(run, List.of(), Map.of(), watcher.progress(), _ -> {}, Deadline.none());
    try {
      var ended = act.cluster().endSessions(RunTag.prefix(folder.id()), GHOST_PATIENCE);
      if (!ended.isEmpty()) {
        recorder.ghosts(path, ended.size());
        watcher.note("ended " + ended.size() + " session(s) that an earlier attempt had left");
      }
      return Optional.empty();
    } catch (InterruptedException e) {
      return Optional.of(new Result.Interrupted());
    } catch (PostgresException e) {
      if (e.sqlState().startsWith("08") || stop.isRequested()) {
        throw e;
      }
      return Optional.of(new Result.Unknown(e.problem()));
    }
  }

  /** What would keep the task from being carried out, as far as can be seen now. */
  List<Problem> problemsOf(Task task) {
    var problems = new Problems();
    Binding.bind(registry, task.action(), task.with(), task.place(), task.scope(), problems)
        .ifPresent(bound -> problems.addAll(bound.preview(look(task)).problems()));
    return problems.list();
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
      var changed = changedSincePlan(task, bound.preview(look(task)));
      if (!changed.isEmpty()) {
        return new Result.Denied(changed);
      }
    }
    var deadline = task.timeout().map(Deadline::in).orElse(Deadline.none());
    try (var log = new BoundedLog(folder.log(task.path().text()), masking)) {
      var act = act(task, deadline, log::line);
      var action = bound.action();
      var intent = action.intend(bound.input(), earlier, act);
      if (stop.isRequested()) {
        return new Result.Interrupted();
      }
      recorder.started(task.path(), action.kind(), bound.input(), intent);
      var ended =
          Worker.carry(
              () -> action.run(bound.input(), intent, act),
              deadline,
              stop,
              () -> act.cluster().cancelAll());
      return journalEnd(task, ended, log);
    } catch (StepFailed e) {
      return new Result.Denied(List.of(new Problem(task.place(), message(e), e.hint())));
    } catch (InterruptedException e) {
      return new Result.Interrupted();
    }
  }

  private <O extends Record> Result journalEnd(Task task, Worker.Ended<O> ended, BoundedLog log) {
    return switch (ended) {
      case Worker.Ended.Well<O>(var outputs) -> finished(task, outputs);
      case Worker.Ended.Badly<O>(var why) -> badly(task, why, log);
      case Worker.Ended.TimedOut<O>() -> {
        var limit = task.timeout().map(Durations::shown).orElse("its time");
        var problem =
            Problem.of("it took longer than " + limit, "give it more time with 'timeout:'");
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

  private <O extends Record> Result finished(Task task, O outputs) {
    var unforeseen = unforeseen(task, outputs);
    if (unforeseen.isPresent()) {
      recorder.failed(task.path(), unforeseen.get(), false);
      return new Result.Denied(List.of(unforeseen.get()));
    }
    return new Result.Done(recorder.finished(task.path(), outputs));
  }

  /** What the step yields and the plan, being certain of something else, was not made for. */
  private Optional<Problem> unforeseen(Task task, Record outputs) {
    var json = Records.toJson(outputs);
    for (var promise : task.foreseen().entrySet()) {
      var yielded = json.path(promise.getKey()).asText();
      if (!yielded.equals(promise.getValue())) {
        return Optional.of(
            Problem.of(
                promise.getKey()
                    + " is "
                    + yielded
                    + ", the plan was made for "
                    + promise.getValue(),
                "something changed since the plan; 'rollback', then make a new one"));
      }
    }
    return Optional.empty();
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
    recorder.failed(task.path(), problem, why instanceof StepFailed);
    return new Result.Failed(masked(problem));
  }

  private Problem masked(Problem problem) {
    return new Problem(
        problem.at(), masking.mask(problem.what()), problem.hint().map(masking::mask));
  }

  private String message(Throwable e) {
    return masking.mask(String.valueOf(e.getMessage()));
  }

  /** The same look as in the plan, right before the effect: what has become different meanwhile. */
  private static List<Problem> changedSincePlan(Task task, Preview now) {
    var problems = new Problems();
    now.problems().forEach(problem -> problems.add(problem.orAt(task.place())));
    if (now.effect() == Effect.READ_ONLY) {
      return problems.list();
    }
    if (now.effect() == Effect.DESTRUCTIVE) {
      task.planned().stream()
          .filter(Fact::identity)
          .filter(planned -> now.facts().stream().noneMatch(it -> it.name().equals(planned.name())))
          .forEach(planned -> problems.add(changed(planned, Fact.of(planned.name(), "unknown"))));
    }
    for (var fact : now.facts()) {
      task.planned().stream()
          .filter(planned -> planned.identity() && planned.name().equals(fact.name()))
          .filter(planned -> !planned.value().equals(fact.value()))
          .forEach(planned -> problems.add(changed(planned, fact)));
    }
    return problems.list();
  }

  private static Problem changed(Fact planned, Fact now) {
    return Problem.of(
        now.name() + " is " + now.value() + ", the plan was made for " + planned.value(),
        "somebody changed the target since the plan; look, then make a new plan");
  }

  private Look look(Task task) {
    return acts.look(tag(task), task.held(), task.foreseen(), watcher.progress());
  }

  private pgrunbook.action.Act act(Task task, Deadline deadline, pgrunbook.action.StepLog log) {
    return acts.act(
        tag(task), task.held(), Map.copyOf(task.foreseen()), watcher.progress(), log, deadline);
  }

  private RunTag tag(Task task) {
    return new RunTag(Optional.of(folder.id()), task.path());
  }

  /** Looks whether what a finished step established still holds; empty where it does. */
  Optional<String> gone(Task task) {
    var problems = new Problems();
    return Binding.bind(registry, task.action(), task.with(), task.place(), task.scope(), problems)
        .flatMap(bound -> gone(task, bound));
  }

  private <I extends Record, N extends Record, O extends Record> Optional<String> gone(
      Task task, Bound<I, N, O> bound) {
    var intent = intentOf(recorder.step(task.path()), bound.action());
    if (intent.isEmpty()) {
      return Optional.empty();
    }
    return switch (bound.action().inspect(bound.input(), intent.get(), look(task))) {
      case Observed.Done<O> _ -> Optional.empty();
      case Observed.NotDone<O>() -> Optional.of("it is as if it had not been done");
      case Observed.Partly<O>(var what) -> Optional.of(what);
      case Observed.Unknown<O>(var why) -> Optional.of(why);
    };
  }
}
