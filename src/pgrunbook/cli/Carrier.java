package pgrunbook.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import pgrunbook.engine.Engine;
import pgrunbook.engine.Outcome;
import pgrunbook.engine.Recorder;
import pgrunbook.engine.RunFolder;
import pgrunbook.engine.Stop;
import pgrunbook.engine.TargetGuard;
import pgrunbook.engine.Watcher;
import pgrunbook.journal.DiskJournal;
import pgrunbook.journal.Event;
import pgrunbook.journal.Journal;
import pgrunbook.journal.JournalException;
import pgrunbook.journal.JournalFile;
import pgrunbook.journal.RunState;
import pgrunbook.plan.Names;
import pgrunbook.plan.Plan;
import pgrunbook.plan.PlanJson;
import pgrunbook.plan.SavedPlan;
import pgrunbook.text.Refused;
import pgrunbook.text.TextFile;

/** Makes a run of a plan, and carries runs on. */
final class Carrier {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PUT_BACK = "was .env or a variable changed? put it back";

  private final Prepared prepared;
  private final Site site;
  private final Watcher watcher;
  private final Stop stop;
  private final UnaryOperator<Journal> journals;

  Carrier(Context context, Prepared prepared, Site site, Watcher watcher, Stop stop) {
    this.journals = context.journals();
    this.prepared = prepared;
    this.site = site;
    this.watcher = watcher;
    this.stop = stop;
  }

  /** A run as it ended, with what its journal adds up to. */
  record Carried(Outcome outcome, RunFolder folder, RunState state, SavedPlan plan) {}

  /**
   * Makes the run's folder with copies of all it is made from, and runs it.
   *
   * @param underLock what has to hold as soon as no other run can begin
   */
  Carried run(Plan plan, Path runs, Runnable underLock) {
    return run(plan, runs, underLock, Map.of());
  }

  /**
   * The same, with more that the journal's first line says of the run.
   *
   * @param about texts by name
   */
  Carried run(Plan plan, Path runs, Runnable underLock, Map<String, String> about) {
    var folder = RunFolder.create(runs, RunFolder.newId(Clock.systemUTC().instant()));
    try {
      copies(plan, folder);
      return carry(
          folder,
          "run",
          recorder -> {
            underLock.run();
            created(recorder, plan, folder, about);
          },
          Engine::run);
    } catch (Refused e) {
      discardUnbegun(folder);
      throw e;
    } catch (JournalException e) {
      if (discardUnbegun(folder)) {
        throw new Refused(String.valueOf(e.getMessage()), e.hint());
      }
      throw e;
    }
  }

  private void copies(Plan plan, RunFolder folder) {
    var json = PlanJson.of(plan, site.masking());
    folder.write(folder.plan(), json.toPrettyString() + "\n");
    folder.write(folder.runbook(), prepared.runbook().source());
    folder.write(folder.environment(), prepared.environmentSource());
  }

  /**
   * Only whoever has made a folder may take it away again: another process may be about to begin.
   */
  private static boolean discardUnbegun(RunFolder folder) {
    var journal = folder.journal();
    var unbegun = Files.notExists(journal) || JournalFile.read(journal).count() == 0;
    if (unbegun) {
      folder.discard();
    }
    return unbegun;
  }

  /** Picks a run up where it was left. */
  Carried resume(RunFolder folder, Decisions decisions) {
    return carry(
        folder,
        "resume",
        recorder -> {
          refuseOver(folder, recorder.state());
          refuseRollingBack(folder, recorder.state());
          decisions.append(recorder, site.masking());
        },
        Engine::run);
  }

  /** Undoes a run, also one that was done when the operator was asked about it. */
  Carried rollback(Known known, Decisions decisions) {
    return carry(
        known.folder(),
        "rollback",
        recorder -> {
          if (!known.state().status().equals("done") || !recorder.state().status().equals("done")) {
            refuseOver(known.folder(), recorder.state());
          }
          decisions.append(recorder, site.masking());
        },
        Engine::rollback);
  }

  private static void refuseOver(RunFolder folder, RunState state) {
    if (state.isOver()) {
      throw new Refused("run " + folder.id() + " is over (" + state.status() + ")", "see 'runs'");
    }
  }

  private static void refuseRollingBack(RunFolder folder, RunState state) {
    if (state.isRollingBack()) {
      throw new Refused(
          "run " + folder.id() + " is being rolled back",
          "go on with that: '" + Called.by("rollback " + folder.id()) + "'");
    }
  }

  /** Everything is checked and written under both locks, the run's and the target's. */
  private Carried carry(
      RunFolder folder, String command, Consumer<Recorder> first, Function<Engine, Outcome> how) {
    var state = new RunState();
    try (var _ = folder.lock();
        var journal = DiskJournal.open(folder.journal(), Clock.systemUTC(), state::take)) {
      var recorder = new Recorder(journals.apply(journal), state, site.masking());
      var plan = saved(folder.plan());
      refuseOtherTarget(plan);
      var by = System.getProperty("user.name") + "@" + host();
      try (var guard =
          new TargetGuard(site.locks(), site.cluster(), plan.target(), folder.id(), by)) {
        if (wasHere(state)) {
          guard.takeBack();
        } else {
          guard.take();
        }
        first.accept(recorder);
        session(recorder, command);
        var outcome = how.apply(new Engine(parts(folder, recorder, plan, guard)));
        return new Carried(outcome, folder, state, plan);
      }
    }
  }

  /** Then nobody else carries the run on: its folder is locked, as this machine knows. */
  private static boolean wasHere(RunState state) {
    return state.session().filter(it -> it.text("host").equals(host())).isPresent();
  }

  /** The run's names come from its copies, but their values from today's environment. */
  private void refuseOtherTarget(SavedPlan plan) {
    var now = site.world().target();
    refuseOther("database", plan.target().database(), now.database());
    refuseOther("backups folder", plan.target().backups(), now.backups().toString());
    refuseOther("user", plan.target().user(), site.cluster().server().user());
    if (!plan.hasSurroundings(prepared.surroundings(site.masking()))) {
      throw new Refused(
          "the environment's services, maintenance or Compose project are other ones than when the"
              + " run was made",
          PUT_BACK);
    }
  }

  private static void refuseOther(String what, String planned, String now) {
    if (!planned.equals(now)) {
      throw new Refused(
          "the environment's " + what + " is now " + now + ", the run is for " + planned, PUT_BACK);
    }
  }

  private Engine.Parts parts(
      RunFolder folder, Recorder recorder, SavedPlan plan, TargetGuard guard) {
    var names =
        Names.of(
            prepared.runbook(),
            prepared.params(),
            prepared.environment().env(),
            site.world().target(),
            Optional.of(folder.id()));
    return new Engine.Parts(
        prepared.registry(),
        prepared.runbook(),
        plan,
        names,
        recorder,
        folder,
        site.world(),
        guard,
        watcher,
        site.masking(),
        stop);
  }

  private void created(Recorder recorder, Plan plan, RunFolder folder, Map<String, String> about) {
    recorder.append(
        Event.CREATED,
        data -> {
          data.put("version", JournalFile.VERSION);
          data.put("run", folder.id());
          data.put("runbook", plan.runbook().name());
          data.put("environment", plan.target().environment());
          data.put("database", plan.target().database());
          data.put("system_identifier", plan.target().systemIdentifier());
          data.put("digest", plan.digest());
          data.put("pgrunbook", Version.TEXT);
          about.forEach(data::put);
          RunParams.note(prepared, site.masking(), data);
        });
  }

  private static void session(Recorder recorder, String command) {
    recorder.append(
        Event.SESSION,
        data -> {
          data.put("command", command);
          data.put("pid", ProcessHandle.current().pid());
          data.put("user", System.getProperty("user.name"));
          data.put("host", host());
        });
  }

  private static String host() {
    var name = ManagementFactory.getRuntimeMXBean().getName();
    return name.substring(name.indexOf('@') + 1);
  }

  /** A plan as it was saved, by a run or by <code>plan --out</code>. */
  static SavedPlan saved(Path file) {
    try {
      return SavedPlan.read(JSON.readTree(TextFile.read(file)));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new Refused(
          file + " is damaged, or of another version: " + firstLine(e),
          "put back the original, or use the pgrunbook that wrote it");
    } catch (IOException e) {
      throw new Refused("cannot read " + file + ": " + e.getMessage(), "does this user own it?");
    }
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
