package pgrunbook.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Stack;
import java.util.concurrent.Callable;
import pgrunbook.postgres.Unreachable;
import pgrunbook.text.Refused;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** <code>rehearse</code>: the same runbook, on a server of its own that is gone afterwards. */
@Command(
    name = "rehearse",
    description = {
      "Carry a runbook out on a scratch server that is made for it and removed afterwards.",
      "It is made of this machine's own programs or, where they are missing, in a container.",
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
      description = "the backup to restore: a file, a name in the backups folder, or latest")
  private Optional<String> backup = Optional.empty();

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

  @Option(
      names = "--container",
      arity = "0..1",
      paramLabel = "IMAGE",
      fallbackValue = "",
      preprocessor = OnlyAttached.class,
      description =
          "make the server in a container, of the image of the environment's PostgreSQL or of this"
              + " one, which has to stand behind '='")
  private Optional<String> container = Optional.empty();

  @Option(names = "--keep", description = "keep the scratch server, and say how to get into it")
  private boolean keep = false;

  @Option(names = "--plan", description = "show the plan, too")
  private boolean showPlan = false;

  RehearseCommand(Context context) {
    this.context = context;
  }

  /** A word that stands alone is the runbook's name: <code>--container restore-prod</code>. */
  static final class OnlyAttached implements IParameterPreprocessor {
    @Override
    @SuppressWarnings("JdkObsolete") // picocli's choice
    public boolean preprocess(
        Stack<String> arguments, CommandSpec command, ArgSpec option, Map<String, Object> info) {
      if (!"=".equals(info.get("separator"))) {
        arguments.push("");
      }
      return false;
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    var where = project.find(context);
    var name = Rehearsal.environmentName(where, runbook, environment);
    var file = backup.isPresent() ? Optional.of(file(where, name)) : Optional.<Path>empty();
    var wanted = new Rehearsal.Wanted(runbook, environment, file, params);
    Rehearsal.check(where, context.registry(), wanted);
    ScratchStart.checkImage(container);
    var stop = context.signals().begin();
    try (var scratch =
        new ScratchStart(where, context.out()::println).start(name, container, wanted.backups())) {
      context.out().println(scratch.shown());
      var exit = new Rehearsal(context, where, scratch, stop).carryOut(wanted, showPlan);
      if (keep) {
        var kept = scratch.keep();
        context.out().println("kept; connect: " + kept.connect());
        context.out().println("      remove:  " + kept.remove());
      }
      return exit;
    } catch (InterruptedException e) {
      return Exit.INTERRUPTED;
    } catch (Unreachable e) {
      throw new Refused(List.of(e.problem()));
    } catch (IOException e) {
      throw new Refused(
          "the rehearsal could not be set up: " + e.getMessage(), "is the disk full?");
    }
  }

  private Path file(Project where, String name) throws IOException {
    var written = backup.orElseThrow();
    return written.equals("latest")
        ? FoundBackup.latest(where, name)
        : FoundBackup.find(where, written, Optional.empty()).path();
  }
}
