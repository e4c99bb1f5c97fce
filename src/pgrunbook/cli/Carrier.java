package pgrunbook.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import pgrunbook.engine.Engine;
import pgrunbook.engine.Outcome;
import pgrunbook.engine.Recorder;
import pgrunbook.engine.RunFolder;
import pgrunbook.engine.Stop;
import pgrunbook.engine.TargetGuard;
import pgrunbook.engine.Watcher;
import pgrunbook.journal.DiskJournal;
import pgrunbook.journal.Event;
import pgrunbook.journal.JournalFile;
import pgrunbook.journal.RunState;
import pgrunbook.plan.Names;
import pgrunbook.plan.Plan;
import pgrunbook.plan.PlanJson;
import pgrunbook.plan.SavedPlan;
import pgrunbook.text.Refused;

/** Makes a run of a plan, and carries runs on. */
final class Carrier {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Prepared prepared;
  private final Site site;
  private final Watcher watcher;
  private final Stop stop;

  Carrier(Prepared prepared, Site site, Watcher watcher, Stop stop) {
    this.prepared = prepared;
    this.site = site;
    this.watcher = watcher;
    this.stop = stop;
  }

  /** A run as it ended, with what its journal adds up to. */
  record Carried(Outcome outcome, RunFolder folder, RunState state, SavedPlan plan) {}

  /** Makes the run's folder with copies of all it is made from, and runs it. */
  Carried run(Plan plan, Path runs) {
    var clock = Clock.systemUTC();
    var folder = RunFolder.create(runs, RunFolder.newId(clock.instant()));
    var json = PlanJson.of(plan, site.masking());
    folder.write(folder.plan(), json.toPrettyString() + "\n");
    folder.write(folder.runbook(prepared.runbook().name()), prepared.runbook().source());
    folder.write(folder.environment(), prepared.environmentSource());
    return carry(folder, "run", Map.of(), recorder -> created(recorder, plan, folder), Engine::run);
  }

  /** Picks a run up where it was left. */
  Carried resume(RunFolder folder, Map<String, Decision> decisions) {
    return carry(folder, "resume", decisions, _ -> {}, Engine::run);
  }

  /** Undoes a run. */
  Carried rollback(RunFolder folder) {
    return carry(folder, "rollback", Map.of(), _ -> {}, Engine::rollback);
  }

  /** What an operator says about a step of which nobody can tell how it ended. */
  record Decision(boolean done, String why) {}

  private Carried carry(
      RunFolder folder,
      String command,
      Map<String, Decision> decisions,
      java.util.function.Consumer<Recorder> first,
      Function<Engine, Outcome> how) {
    try (var _ = folder.lock();
        var journal = DiskJournal.open(folder.journal(), Clock.systemUTC())) {
      var state = RunState.of(JournalFile.read(folder.journal()).entries());
      var recorder = new Recorder(journal, state, site.masking());
      var plan = SavedPlan.read(read(folder.plan()));
      first.accept(recorder);
      try (var guard = new TargetGuard(site.locks(), site.cluster(), plan.target(), folder.id())) {
        guard.take();
        session(recorder, command);
        decisions.forEach((step, decision) -> decided(recorder, step, decision));
        var outcome = how.apply(new Engine(parts(folder, recorder, plan, guard)));
        return new Carried(outcome, folder, state, plan);
      }
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

  private void created(Recorder recorder, Plan plan, RunFolder folder) {
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
          var params = data.putObject("params");
          plan.params().forEach(params::put);
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

  private static void decided(Recorder recorder, String step, Decision decision) {
    recorder.append(
        Event.DECIDED,
        data -> {
          data.put("step", step);
          data.put("found", decision.done() ? "done" : "not_done");
          data.put("what", decision.why());
          data.put("user", System.getProperty("user.name"));
        });
  }

  private static com.fasterxml.jackson.databind.JsonNode read(Path file) {
    try {
      return JSON.readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw new Refused(file + " is damaged: " + e.getOriginalMessage(), "put back the original");
    } catch (IOException e) {
      throw new Refused("cannot read " + file + ": " + e.getMessage(), "does this user own it?");
    }
  }

  /** A run's params as its journal has them, and those that are given again. */
  static Map<String, String> params(RunState state, Map<String, String> given) {
    Map<String, String> params = new LinkedHashMap<>();
    state
        .created()
        .ifPresent(entry ->
            entry
                .data()
                .path("params")
                .properties()
                .forEach(it -> params.put(it.getKey(), it.getValue().asText())));
    params.values().removeIf(List.of(pgrunbook.text.Masking.MASK)::contains);
    params.putAll(given);
    return params;
  }

  /** A plan that was saved with <code>plan --out</code>. */
  static SavedPlan approved(Path file) {
    return SavedPlan.read(read(file));
  }
}
