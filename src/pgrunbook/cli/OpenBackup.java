package pgrunbook.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import pgrunbook.engine.Stop;
import pgrunbook.environment.Environment;
import pgrunbook.process.Children;
import pgrunbook.rehearsal.Scratch;

/** A backup restored on a scratch server by an ordinary run, and what is done with it there. */
record OpenBackup(Context context, Project project, Scratch scratch, Stop stop) {
  /** A name that no new server has, whatever the environment's database is called. */
  private static final String DATABASE = "opened";

  private static final String APPLICATION = "pgrunbook/backups";
  private static final String READ_ONLY = "-c default_transaction_read_only=on";

  int look(Path backup, String name, Optional<Environment> real, Optional<TableOut.Wanted> wanted)
      throws IOException, InterruptedException {
    var scratchSite = new ScratchSite(project, scratch);
    var environment = scratchSite.environment(name, real, DATABASE);
    var work = Files.createDirectories(scratch.work());
    try (var site = scratchSite.open(environment, real, work, List.of())) {
      var restored = restored(backup, site, work);
      if (!restored.isDone()) {
        return Exit.of(restored.outcome());
      }
      if (wanted.isPresent()) {
        new TableOut(site, restored.database()).write(wanted.get());
        context.out().println("wrote " + wanted.get().to());
        return Exit.DONE;
      }
      return psql(scratchSite.reach(environment.database()), site, restored.database());
    }
  }

  private PackedRuns.Restored restored(Path backup, Site site, Path work)
      throws IOException, InterruptedException {
    var console = new Console(context.err(), context.terminal(), site.masking());
    try {
      return new PackedRuns(context, project, site, console, work, stop).restore(backup, false);
    } finally {
      console.close();
    }
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
}
