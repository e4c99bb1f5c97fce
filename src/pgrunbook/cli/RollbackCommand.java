package pgrunbook.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import pgrunbook.text.Refused;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** <code>rollback</code>: undoes, last first, every step that may have had an effect. */
@Command(
    name = "rollback",
    description = "Undo, last first, every step of a run that may have had an effect.",
    mixinStandardHelpOptions = true)
final class RollbackCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private final RunOptions options = new RunOptions();

  @Option(
      names = "--confirm",
      paramLabel = "DATABASE",
      description = "name of the database, for a run that is done already")
  private Optional<String> confirm = Optional.empty();

  RollbackCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var where = options.project(context);
    var known = options.find(where);
    var status = known.state().status();
    if (status.equals("rolled_back") || status.equals("abandoned")) {
      throw new Refused(
          "run " + known.id() + " is over (" + status + ")", "nothing is to be undone");
    }
    var prepared = options.reopen(context, where, known);
    if (known.state().isOver()) {
      Known.refuseOthers(where, known);
      if (prepared.environment().isProtected()) {
        Confirmation.ask(context, prepared.environment().database().name(), confirm);
      }
    }
    return options.carryOn(
        context,
        where,
        prepared,
        "rolling back",
        known,
        (carrier, run) -> carrier.rollback(run, options.decisions()));
  }
}
