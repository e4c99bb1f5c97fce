package pgrunbook.cli;

import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import pgrunbook.engine.Recorder;
import pgrunbook.engine.RunFolder;
import pgrunbook.journal.DiskJournal;
import pgrunbook.journal.Event;
import pgrunbook.journal.JournalException;
import pgrunbook.text.Masking;
import pgrunbook.text.Refused;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** <code>abandon</code>: an operator takes over what a run has left. */
@Command(
    name = "abandon",
    description = "Give a run up; what it owes is from then on the operator's to give back.",
    mixinStandardHelpOptions = true)
final class AbandonCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private final ProjectOption project = new ProjectOption();

  @Parameters(paramLabel = "RUN", description = "id of the run")
  private String run = "";

  @Option(names = "--reason", required = true, description = "why, for the journal")
  private String reason = "";

  AbandonCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var where = project.find(context);
    if (reason.isBlank()) {
      throw new Refused("a run is not abandoned without a reason", "--reason WHY");
    }
    try {
      var known = Known.find(where, Optional.of(run));
      known.learnSecrets(where);
      return abandon(known.folder());
    } catch (JournalException e) {
      var folder = new RunFolder(where.runs().resolve(run));
      folder.write(folder.givenUp(), reason + "\n" + e.getMessage() + "\n");
      context.out().println("run " + run + " is abandoned; its journal could not be read");
      return Exit.DONE;
    }
  }

  private int abandon(RunFolder folder) {
    Known known;
    try (var _ = folder.lock();
        var journal = DiskJournal.open(folder.journal(), Clock.systemUTC())) {
      known = Known.of(folder);
      if (known.state().isOver()) {
        throw new Refused("run " + run + " is over (" + known.state().status() + ")", "see 'runs'");
      }
      new Recorder(journal, known.state(), Masking.NONE)
          .append(
              Event.OVER,
              data -> {
                data.put("status", "abandoned");
                data.put("reason", context.secrets().masking().mask(reason));
                data.put("user", System.getProperty("user.name"));
              });
    }
    context.out().println("run " + run + " is abandoned");
    Status.debts(known).forEach(debt -> context.out().println("  still to be given back: " + debt));
    return Exit.DONE;
  }
}
