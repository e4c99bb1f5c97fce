package pgrunbook.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import pgrunbook.journal.JournalFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** <code>show</code>: one run from its first line to its last. */
@Command(
    name = "show",
    description = "Show one run: its steps, or with --journal every event.",
    mixinStandardHelpOptions = true)
final class ShowCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private final ProjectOption project = new ProjectOption();

  @Parameters(paramLabel = "RUN", description = "id of the run")
  private String run = "";

  @Option(names = "--journal", description = "every event with its data")
  private boolean journal = false;

  ShowCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var where = project.find(context);
    var known = Known.find(where, Optional.of(run));
    known.learnSecrets(where);
    Status.text(known).forEach(context.out()::println);
    if (journal) {
      JournalFile.read(
          known.folder().journal(),
          entry -> context.out().println(entry.at() + " " + entry.event() + " " + entry.data()));
    } else {
      for (var step : known.state().steps()) {
        if (!step.outputs().isEmpty()) {
          context.out().println("  " + step.path() + ": " + step.outputs());
        }
      }
      context.out().println("  files: " + known.folder().path());
    }
    return Exit.DONE;
  }
}
