package pgrunbook.engine;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import pgrunbook.action.Action;
import pgrunbook.action.Observed;
import pgrunbook.action.Registry;
import pgrunbook.action.RunTag;
import pgrunbook.action.StepPath;
import pgrunbook.engine.Watcher.Ending;
import pgrunbook.journal.StepState;
import pgrunbook.plan.Binding;
import pgrunbook.plan.Bound;
import pgrunbook.postgres.PostgresException;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;
import pgrunbook.text.Refused;
import pgrunbook.yaml.Records;

/**
 * Comes back to steps that were begun: ends what still works for them, and looks how far they are.
 */
final class Revisit {
  /** How long ended sessions may take to be gone. */
  private static final Duration GHOST_PATIENCE = Duration.ofSeconds(30);

  private final Registry registry;
  private final Scene scene;
  private final Recorder recorder;
  private final Watcher watcher;
  private final String target;
  private final Stop stop;
  private boolean programsEnded;

  Revisit(Registry registry, Scene scene, Recorder recorder, String target, Stop stop) {
    this.registry = registry;
    this.scene = scene;
    this.recorder = recorder;
    this.watcher = scene.watcher();
    this.target = target;
    this.stop = stop;
  }

  /** What the latest attempt was going to do. */
  static <I extends Record, N extends Record, O extends Record> Optional<N> intentOf(
      StepState state, Action<I, N, O> action) {
    return state.intent().map(json -> Records.fromJson(json, action.kind().intent()));
  }

  /** Ends what an earlier attempt left working and looks how far it came. */
  <I extends Record, N extends Record, O extends Record> Optional<Result> lookAgain(
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
    var look = scene.look(task);
    return switch (bound.action().inspect(bound.input(), intent, look)) {
      case Observed.Done<O>(var outputs) -> {
        var unforeseen = Agreement.unforeseen(task, outputs);
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
        "find out, then '%1$s --redo %2$s --reason WHY' or '%1$s --done %2$s --reason WHY'"
            .formatted(task.path().isUndo() ? "rollback" : "resume", task.path());
    var problem = Problem.of("nobody can tell how step " + task.path() + " ended: " + why, hint);
    watcher.ends(task.path(), task.title(), Ending.UNKNOWN, Duration.ZERO, Optional.of(problem));
    return Optional.of(new Result.Unknown(problem));
  }

  /**
   * Ends everything that an earlier process of this run has left, here and on the server, and there
   * what runs have left that have no right to the target any more.
   */
  Optional<Result> endLeftBehind(StepPath path) {
    return endPrograms(path).or(() -> endGhosts(path)).or(() -> endOrphans(path));
  }

  private Optional<Result> endOrphans(StepPath path) {
    return endSessions(
        path,
        "a run without a lock",
        () -> scene.act(path).cluster().endOrphans(target, GHOST_PATIENCE));
  }

  /**
   * Those of steps that have ended may be meant to go on, such as a service that was started. Once
   * only: what has the same marks later was started by this process.
   */
  private Optional<Result> endPrograms(StepPath path) {
    if (programsEnded) {
      return Optional.empty();
    }
    programsEnded = true;
    var marks =
        recorder.leftOpen().stream()
            .map(step -> new RunTag(Optional.of(scene.folder().id()), step).applicationName())
            .collect(Collectors.toSet());
    if (marks.isEmpty()) {
      return Optional.empty();
    }
    try {
      var ended = scene.act(path).processes().endLeftBehind(marks);
      if (ended.isEmpty()) {
        watcher.note("programs of the earlier attempt are not looked for on this system");
      } else if (!ended.get().isEmpty()) {
        recorder.programs(path, ended.get());
        watcher.note(
            "ended what an earlier attempt had left running: " + String.join(", ", ended.get()));
      }
      return Optional.empty();
    } catch (IOException e) {
      var why = String.valueOf(e.getMessage());
      return Optional.of(new Result.Unknown(Problem.of(why, "end them, then try again")));
    }
  }

  /** Ends whatever sessions an earlier process of this run has left on the server. */
  Optional<Result> endGhosts(StepPath path) {
    var prefix = RunTag.prefix(scene.folder().id());
    return endSessions(
        path,
        "an earlier attempt",
        () -> scene.act(path).cluster().endSessions(prefix, GHOST_PATIENCE));
  }

  /** Ends sessions on the server, and waits until they are gone. */
  @FunctionalInterface
  private interface Sessions {
    List<Integer> end() throws InterruptedException;
  }

  private Optional<Result> endSessions(StepPath path, String whose, Sessions sessions) {
    try {
      var ended = sessions.end();
      if (!ended.isEmpty()) {
        recorder.ghosts(path, ended.size());
        watcher.note("ended " + ended.size() + " session(s) that " + whose + " had left");
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
        .ifPresent(bound -> problems.addAll(bound.preview(scene.look(task)).problems()));
    return problems.list();
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
    return switch (bound.action().inspect(bound.input(), intent.get(), scene.look(task))) {
      case Observed.Done<O> _ -> Optional.empty();
      case Observed.NotDone<O>() -> Optional.of("it is as if it had not been done");
      case Observed.Partly<O>(var what) -> Optional.of(what);
      case Observed.Unknown<O>(var why) -> Optional.of(why);
    };
  }
}
