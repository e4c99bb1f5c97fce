package pgrunbook.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pgrunbook.action.Registry;
import pgrunbook.engine.Outcome;
import pgrunbook.engine.Stop;
import pgrunbook.plan.Plan;
import pgrunbook.plan.PlannedStep;
import pgrunbook.rehearsal.Scratch;
import pgrunbook.runbook.Params;
import pgrunbook.runbook.Runbook;
import pgrunbook.runbook.Runbooks;
import pgrunbook.runbook.Step;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;

/** An ordinary run of an unchanged runbook, with a scratch server in the target's place. */
final class Rehearsal {
  private static final String BACKUP_PARAM = "backup";

  private final Context context;
  private final Project project;
  private final Scratch scratch;
  private final Stop stop;

  Rehearsal(Context context, Project project, Scratch scratch, Stop stop) {
    this.context = context;
    this.project = project;
    this.scratch = scratch;
    this.stop = stop;
  }

  /** What is to be rehearsed. */
  record Wanted(
      String runbook,
      Optional<String> environment,
      Optional<Path> backup,
      Map<String, String> params) {
    /** The files that only this machine has so far. */
    List<Path> backups() {
      return backup.stream().toList();
    }
  }

  /** Finds what can be found wrong before a cluster is made. */
  static void check(Project project, Registry registry, Wanted wanted) {
    var runbook = read(project, wanted.runbook());
    for (var step : runbook.steps()) {
      if (registry.find(step.action()).isEmpty()) {
        throw new InvalidInput(
            new Problem(
                step.place(),
                "unknown action '" + step.action() + "'",
                Optional.of("'lint' lists every problem of the file")));
      }
    }
  }

  private static Runbook read(Project project, String name) {
    var problems = new Problems();
    var runbook = Runbooks.read(project.folder(), name, problems);
    problems.throwIfAny();
    return runbook.orElseThrow();
  }

  /** The environment whose names are taken; there may be none of that name. */
  static String environmentName(Project project, String runbook, Optional<String> given) {
    return environmentName(read(project, runbook), given);
  }

  private static String environmentName(Runbook runbook, Optional<String> given) {
    return given.or(runbook::environment).orElse("rehearsal");
  }

  int carryOut(Wanted wanted, boolean showPlan) throws IOException, InterruptedException {
    var runbook = read(project, wanted.runbook());
    var name = environmentName(runbook, wanted.environment());
    var real = project.environment(name, new Problems());
    var scratchSite = new ScratchSite(project, scratch);
    var environment = scratchSite.environment(name, real);
    var work = Files.createDirectories(scratch.work());
    var given = RunParams.given(runbook, wanted.params(), environment.env());
    var secrets = Prepared.secrets(runbook, Params.resolve(runbook, given, new Problems()));
    try (var site = scratchSite.open(environment, real, work, secrets.values())) {
      var console = new Console(context.out(), context.terminal(), site.masking());
      var packed = new PackedRuns(context, project, site, console, work, stop);
      var start = new StartingPoint(site, console);
      var params = new LinkedHashMap<>(wanted.params());
      var restores = runbook.params().containsKey(BACKUP_PARAM);
      if (!restores && wanted.backup().isPresent()) {
        start.restore(wanted.backup().get(), packed);
      } else {
        start.make(runbook);
      }
      if (restores && !params.containsKey(BACKUP_PARAM)) {
        params.put(BACKUP_PARAM, backup(wanted, start, packed).toString());
      }
      var prepared =
          Prepared.of(project, context.registry(), runbook, environment, params, new Problems());
      return rehearsed(prepared, site, console, showPlan, begun(wanted));
    }
  }

  /** With what it begins, for those who ask what it has proven: the sample proves little. */
  private static Map<String, String> begun(Wanted wanted) {
    return wanted
        .backup()
        .map(it -> Map.of(RehearsalRecords.BACKUP, it.toString()))
        .orElseGet(Map::of);
  }

  private int rehearsed(
      Prepared prepared, Site site, Console console, boolean showPlan, Map<String, String> about) {
    console.line(
        "rehearsing " + prepared.runbook().name() + "; services and maintenance are simulated");
    var plan = prepared.plan(site, console.progress(), console::line);
    if (showPlan || !plan.problems().isEmpty()) {
      console.close();
      PlanCommand.print(context, site, plan, PlanCommand.Output.TEXT);
    }
    if (!plan.problems().isEmpty()) {
      return Exit.REFUSED;
    }
    headlines(console, plan);
    plan.steps().stream()
        .map(PlannedStep::step)
        .filter(Rehearsal::isSimulated)
        .forEach(step -> console.simulates(step.id()));
    var carried =
        new Carrier(context, prepared, site, console, stop)
            .run(plan, project.rehearsals(), () -> {}, about);
    if (carried.outcome() instanceof Outcome.Completed) {
      Ended.proofs(console, carried.state());
      console.line("rehearsal done, record in " + carried.folder().path());
      return Exit.DONE;
    }
    console.line("the rehearsal did not come to its end; record in " + carried.folder().path());
    Ended.problems(carried.outcome()).forEach(it -> context.err().println(console.shown(it)));
    return Exit.of(carried.outcome());
  }

  private static boolean isSimulated(Step step) {
    return step.action().startsWith("service.")
        || step.action().startsWith("maintenance.")
        || step.action().startsWith("compose.");
  }

  private static void headlines(Console console, Plan plan) {
    plan.headlines().forEach(line -> console.line("  " + line));
  }

  private Path backup(Wanted wanted, StartingPoint start, PackedRuns packed)
      throws IOException, InterruptedException {
    if (wanted.backup().isPresent()) {
      start.makeWhatLiesBeside(wanted.backup().get());
      return wanted.backup().get();
    }
    var file = sampleBackup(packed);
    var site = packed.site();
    site.cluster()
        .execute(site.environment().database().name(), "DELETE FROM properties WHERE id % 10 = 0");
    packed.console().line("then, as if something had gone wrong, every tenth property was deleted");
    return file;
  }

  /** A backup of the sample, made by an ordinary run of a runbook of one step. */
  private Path sampleBackup(PackedRuns packed) throws IOException, InterruptedException {
    var carried = packed.run("sample-backup", Map.of());
    if (!(carried.outcome() instanceof Outcome.Completed)) {
      throw StartingPoint.unprepared();
    }
    var made = carried.state().step("sample-backup").outputs().path("file").asText();
    return project.folder().resolve(made).toAbsolutePath();
  }
}
