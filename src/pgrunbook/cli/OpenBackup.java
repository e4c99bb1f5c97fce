package pgrunbook.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import pgrunbook.backup.Manifests;
import pgrunbook.engine.Outcome;
import pgrunbook.engine.Stop;
import pgrunbook.environment.Environment;
import pgrunbook.postgres.Literals;
import pgrunbook.process.Children;
import pgrunbook.rehearsal.Scratch;
import pgrunbook.runbook.Runbooks;
import pgrunbook.text.Problems;
import pgrunbook.text.Refused;

/** A backup restored on a scratch server by an ordinary run, and what is done with it there. */
record OpenBackup(Context context, Project project, Scratch scratch, Stop stop) {
  /** A name that no new server has, whatever the environment's database is called. */
  private static final String DATABASE = "opened";

  private static final String UTF8 = "UTF8";
  private static final String RUNBOOK = "open-backup.yaml";
  private static final String APPLICATION = "pgrunbook/backups";
  private static final String READ_ONLY = "-c default_transaction_read_only=on";

  int look(Path backup, String name, Optional<Environment> real, Optional<TableOut.Wanted> wanted)
      throws IOException, InterruptedException {
    var scratchSite = new ScratchSite(project, scratch);
    var environment = scratchSite.environment(name, real, DATABASE);
    var work = Files.createDirectories(scratch.work());
    try (var site = scratchSite.open(environment, real, work)) {
      site.cluster()
          .execute(
              "postgres",
              "CREATE DATABASE " + DATABASE + " TEMPLATE template0 ENCODING " + encoding(backup));
      var carried = restored(backup, site, work);
      if (!(carried.outcome() instanceof Outcome.Completed)) {
        return failed(carried);
      }
      var database = carried.state().step("create").outputs().path("database").asText();
      if (wanted.isPresent()) {
        new TableOut(site, database).write(wanted.get());
        context.out().println("wrote " + wanted.get().to());
        return Exit.DONE;
      }
      return psql(scratchSite.reach(environment.database()), site, database);
    }
  }

  /** That of the database it comes from; the locale C goes with each. */
  private static String encoding(Path backup) {
    var manifest = Manifests.read(Manifests.beside(backup), new Problems());
    var encoding = manifest.map(it -> it.source().encoding()).orElse(UTF8);
    return Literals.quote(encoding) + (encoding.equals(UTF8) ? "" : " LOCALE 'C'");
  }

  /** Damaged and foreign backups are refused before anything of them is run. */
  private Carrier.Carried restored(Path backup, Site site, Path work) throws IOException {
    var file = work.resolve(RUNBOOK);
    Files.writeString(file, resource());
    var problems = new Problems();
    var runbook = Runbooks.readFile(file, RUNBOOK, problems);
    problems.throwIfAny();
    var prepared =
        Prepared.of(
            project,
            context.registry(),
            runbook.orElseThrow(),
            site.environment(),
            Map.of("backup", backup.toString()),
            problems);
    var console = new Console(context.err(), context.terminal(), site.masking());
    try {
      var plan = prepared.plan(site, console.progress());
      if (!plan.problems().isEmpty()) {
        throw new Refused(plan.problems());
      }
      return new Carrier(prepared, site, console, stop).run(plan, work.resolve("runs"), () -> {});
    } finally {
      console.close();
    }
  }

  private int failed(Carrier.Carried carried) {
    switch (carried.outcome()) {
      case Outcome.Failed(var _, var problem) -> context.err().println(problem);
      case Outcome.Denied(var problems) -> problems.forEach(context.err()::println);
      case Outcome.Undecided(var _, var problem) -> context.err().println(problem);
      case Outcome.Completed _, Outcome.Interrupted _ -> {
        // nothing more to say
      }
    }
    return Exit.of(carried.outcome());
  }

  private int psql(Reach reach, Site site, String database)
      throws IOException, InterruptedException {
    context.out().println("read-only; \\q ends it, and nothing of it is kept");
    var arguments = List.of("--set=PROMPT1=backup (ro) %R%x%# ");
    var psql =
        reach
            .tools()
            .apply(site.cluster().server().major())
            .inTerminal("psql", reach.connections().connector(), database, APPLICATION, arguments)
            .withQuietly("PGOPTIONS", READ_ONLY);
    Signals.leaveInterruptsToChild();
    return new Children().inTerminal(psql);
  }

  private static String resource() throws IOException {
    try (var in = Objects.requireNonNull(OpenBackup.class.getResourceAsStream(RUNBOOK))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
