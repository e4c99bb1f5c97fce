package pgrunbook.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import pgrunbook.action.Action;
import pgrunbook.action.Progress;
import pgrunbook.action.Registry;
import pgrunbook.action.StepPath;
import pgrunbook.journal.DiskJournal;
import pgrunbook.journal.Entry;
import pgrunbook.journal.Event;
import pgrunbook.journal.Journal;
import pgrunbook.journal.JournalFile;
import pgrunbook.journal.RunState;
import pgrunbook.plan.Names;
import pgrunbook.plan.PlanJson;
import pgrunbook.plan.Planner;
import pgrunbook.plan.SavedPlan;
import pgrunbook.postgres.TargetLock;
import pgrunbook.runbook.Runbook;
import pgrunbook.testing.FakeAction;
import pgrunbook.testing.FakeCluster;
import pgrunbook.testing.FakeWorld;
import pgrunbook.testing.Runs;
import pgrunbook.text.Masking;
import pgrunbook.text.Problem;

/**
 * One run of fake actions with a real journal. Each call is a process of its own: it knows of those
 * before it only what is on disk.
 */
final class Bench {
  static final String RUN = "20260115-120000-abcd";

  /** What was asked of the actions, in order. */
  final List<String> calls = new ArrayList<>();

  /** What the operator saw beside the steps. */
  final List<String> notes = new ArrayList<>();

  final List<Instant> starts = new ArrayList<>();
  final FakeCluster cluster = new FakeCluster();
  final FakeLock lock = new FakeLock();

  private final Path folder;
  private final List<Action<?, ?, ?>> actions = new ArrayList<>();
  private final RunFolder run;
  private Optional<Runbook> runbook = Optional.empty();
  private Optional<SavedPlan> plan = Optional.empty();
  private Optional<Stop> stop = Optional.empty();
  private Optional<Kill> kill = Optional.empty();

  /** A moment at which the process ends: before or after an entry is on the disk. */
  private record Kill(String event, String step, boolean after) {
    boolean hits(String written, ObjectNode data) {
      return written.equals(event) && data.path("step").asText().equals(step);
    }
  }

  /** The process has ended. */
  static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  Bench(Path folder) {
    this.folder = folder;
    this.run = RunFolder.create(folder.resolve("runs"), RUN);
  }

  /** A new kind of step. */
  FakeAction action(String name) {
    var action = new FakeAction(name, calls);
    actions.add(action);
    return action;
  }

  /** Plans the runbook and carries it out. */
  Outcome run(String steps) {
    plan(steps);
    return resume();
  }

  /** Plans the runbook; a problem in the plan fails the test. */
  void plan(String steps) {
    runbook = Optional.of(FakeWorld.runbook(folder, "name: test\nsteps:\n" + steps));
    var planned =
        new Planner(new Registry(actions), FakeWorld.in(folder, cluster), Progress.NONE)
            .plan(
                new Planner.Request(
                    runbook.get(),
                    FakeWorld.target(folder),
                    FakeWorld.facts(),
                    Map.of(),
                    Map.of(),
                    "",
                    ""));
    if (!planned.problems().isEmpty()) {
      throw new AssertionError(planned.problems());
    }
    plan = Optional.of(read(PlanJson.of(planned, Masking.NONE).toString()));
    try (var journal = DiskJournal.open(run.journal(), Clock.systemUTC())) {
      journal.append(Event.CREATED, data -> data.put("run", RUN));
    }
  }

  private static SavedPlan read(String json) {
    try {
      return SavedPlan.read(new ObjectMapper().readTree(json));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  Outcome resume() {
    return carry(Engine::run);
  }

  Outcome rollback() {
    return carry(Engine::rollback);
  }

  /** An operator says how a step ended. */
  void decide(String step, boolean done) {
    try (var journal = DiskJournal.open(run.journal(), Clock.systemUTC())) {
      journal.append(
          Event.DECIDED,
          data -> data.put("step", step).put("found", done ? "done" : "not_done").put("what", ""));
    }
  }

  /** The next process ends right after that is journaled: before the effect of a start. */
  Bench killAfter(String event, String step) {
    kill = Optional.of(new Kill(event, step, true));
    return this;
  }

  /** The next process ends right before that is journaled: after an effect, before its record. */
  Bench killBefore(String event, String step) {
    kill = Optional.of(new Kill(event, step, false));
    return this;
  }

  /** The wish to stop of the process that runs now. */
  Stop stop() {
    return stop.orElseThrow();
  }

  private Outcome carry(Function<Engine, Outcome> how) {
    calls.clear();
    stop = Optional.of(new Stop());
    try (var journal = DiskJournal.open(run.journal(), Clock.systemUTC());
        var guard = new TargetGuard(lock, cluster, FakeWorld.facts(), RUN, "me@here")) {
      guard.take();
      var recorder = new Recorder(killed(journal), state(), Masking.NONE);
      return how.apply(new Engine(parts(recorder, guard)));
    } finally {
      kill = Optional.empty();
      Thread.interrupted();
    }
  }

  private Engine.Parts parts(Recorder recorder, TargetGuard guard) {
    var names =
        Names.of(
            runbook.orElseThrow(), Map.of(), Map.of(), FakeWorld.target(folder), Optional.of(RUN));
    return new Engine.Parts(
        new Registry(actions),
        runbook.orElseThrow(),
        plan.orElseThrow(),
        names,
        recorder,
        run,
        FakeWorld.in(folder, cluster),
        guard,
        new Notes(),
        Masking.NONE,
        stop());
  }

  private Journal killed(DiskJournal journal) {
    return new Journal() {
      @Override
      public Entry append(String event, ObjectNode data) {
        var hit = kill.filter(it -> it.hits(event, data));
        if (hit.isPresent() && !hit.get().after()) {
          throw new Killed();
        }
        var entry = journal.append(event, data);
        if (hit.isPresent()) {
          throw new Killed();
        }
        return entry;
      }

      @Override
      public Instant now() {
        return journal.now();
      }
    };
  }

  /** What the journal on disk says. */
  RunState state() {
    var state = new RunState();
    JournalFile.read(run.journal(), state::take);
    return state;
  }

  List<Entry> entries() {
    return Runs.entries(run.journal());
  }

  /** The events of a step, in order. */
  List<String> events(String step) {
    return entries().stream()
        .filter(entry -> entry.text("step").equals(step))
        .map(Entry::event)
        .toList();
  }

  String log(String step) {
    try {
      return java.nio.file.Files.readString(run.log(step));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** What is owed as the journal and the plan say. */
  List<String> owed() {
    return Owed.of(plan.orElseThrow(), state()).stream().map(debt -> debt.owes().what()).toList();
  }

  private final class Notes implements Watcher {
    @Override
    public void starts(StepPath step, String title, int attempt) {
      starts.add(Instant.now());
    }

    @Override
    public void ends(
        StepPath step, String title, Ending ending, Duration took, Optional<Problem> why) {}

    @Override
    public void note(String line) {
      notes.add(line);
    }

    @Override
    public Progress progress() {
      return Progress.NONE;
    }
  }

  /** A lock that a test can take away. */
  static final class FakeLock implements TargetLock {
    /** Why the lock that is held now is lost. */
    Optional<String> lost = Optional.empty();

    /** How long the server has said nothing. */
    Duration silence = Duration.ZERO;

    /** Whether somebody else has it. */
    boolean taken;

    @Override
    public Optional<Held> tryAcquire(String target, String run, String by) {
      lost = Optional.empty();
      return taken ? Optional.empty() : Optional.of(new FakeHeld());
    }

    @Override
    public Optional<Held> takeBack(String target, String run, String by) {
      return tryAcquire(target, run, by);
    }

    @Override
    public Optional<Holder> holder(String target) {
      return Optional.of(
          new Holder(
              17, "pgrunbook-lock/other", "ann@db1", "operator", "10.0.0.7", Optional.empty()));
    }

    private final class FakeHeld implements Held {
      @Override
      public Optional<String> lost() {
        return lost;
      }

      @Override
      public Duration silence() {
        return silence;
      }

      @Override
      public void close() {}
    }
  }
}
