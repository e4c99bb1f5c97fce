package pgrunbook.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import pgrunbook.postgres.Tools;
import pgrunbook.process.Children;
import pgrunbook.rehearsal.ScratchCluster;
import pgrunbook.text.Refused;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** <code>rehearse</code>: the same runbook, on a cluster of its own that is gone afterwards. */
@Command(
    name = "rehearse",
    description = {
      "Carry a runbook out on a scratch cluster that is made for it and removed afterwards.",
      "Without --backup, a sample application is made there, and a backup of it."
    },
    mixinStandardHelpOptions = true)
final class RehearseCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private final ProjectOption project = new ProjectOption();

  @Parameters(paramLabel = "RUNBOOK", description = "name of a file in runbooks/, or a path")
  private String runbook = "";

  @Option(
      names = "--backup",
      paramLabel = "FILE",
      description = "the backup to restore: plain, gzip, custom or directory")
  private Optional<Path> backup = Optional.empty();

  @Option(
      names = "--env",
      paramLabel = "NAME",
      description = "environment whose names are taken, instead of the runbook's own")
  private Optional<String> environment = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "PARAM=VALUE",
      description = "a param of the runbook; may be given again")
  private Map<String, String> params = new LinkedHashMap<>();

  @Option(names = "--keep", description = "keep the scratch cluster, and say how to get into it")
  private boolean keep = false;

  @Option(names = "--plan", description = "show the plan, too")
  private boolean showPlan = false;

  RehearseCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    var where = project.find();
    var wanted = new Rehearsal.Wanted(runbook, environment, backup.map(where::resolve), params);
    Rehearsal.check(where, context.registry(), wanted);
    var stop = context.signals().begin();
    var children = new Children();
    var tools = Tools.find(System.getenv(), Optional.empty(), children);
    try {
      ScratchCluster.removeStale(children, ScratchCluster.temporary());
      try (var cluster = ScratchCluster.start(tools, children)) {
        context
            .out()
            .println(
                "scratch cluster: PostgreSQL "
                    + cluster.version()
                    + ", port "
                    + cluster.connector().port());
        var rehearsal = new Rehearsal(context, where, cluster, stop);
        var exit = rehearsal.carryOut(wanted, showPlan);
        if (keep) {
          var kept = cluster.keep();
          context.out().println("kept; connect: " + kept.connect());
          context.out().println("      remove:  " + kept.remove());
        }
        return exit;
      }
    } catch (InterruptedException e) {
      return Exit.INTERRUPTED;
    } catch (IOException e) {
      throw new Refused(
          "the rehearsal could not be set up: " + e.getMessage(), "is the disk full?");
    }
  }
}
