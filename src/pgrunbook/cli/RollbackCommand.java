package pgrunbook.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import pgrunbook.text.Refused;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** <code>rollback</code>: undoes, last first, every step that may have had an effect. */
@Command(
    name = "rollback",
    description = "Undo, last first, every step of a run that may have had an effect.",
    mixinStandardHelpOptions = true)
final class RollbackCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private final ProjectOption project = new ProjectOption();

  @Parameters(
      arity = "0..1",
      paramLabel = "RUN",
      description = "id of the run (default: the only unfinished one)")
  private Optional<String> run = Optional.empty();

  @Option(
      names = "--confirm",
      paramLabel = "DATABASE",
      description = "name of the database, for a run that is done already")
  private Optional<String> confirm = Optional.empty();

  @Mixin private final Decisions decisions = new Decisions();

  @Option(
      names = "--set",
      paramLabel = "PARAM=VALUE",
      description = "a secret param again, for the journal does not keep it")
  private Map<String, String> params = new LinkedHashMap<>();

  RollbackCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var where = project.find();
    var known = Known.find(where, run);
    var status = known.state().status();
    if (status.equals("rolled_back") || status.equals("abandoned")) {
      throw new Refused(
          "run " + known.id() + " is over (" + status + ")", "nothing is to be undone");
    }
    var prepared = Reopened.of(context, where, known, params).prepared();
    if (known.state().isOver()) {
      Known.refuseOthers(where, known);
      if (prepared.environment().isProtected()) {
        Confirmation.ask(context, prepared.environment().database().name(), confirm);
      }
    }
    var around = Site.Around.of(prepared.environment(), where);
    try (var site = Site.open(prepared.environment(), where, around, prepared.secretParams())) {
      var console = new Console(context.out(), context.terminal(), site.masking());
      var stop = context.signals().begin();
      console.line("rolling back run " + known.id() + " of " + known.state().about("runbook"));
      var carried = new Carrier(prepared, site, console, stop).rollback(known.folder(), decisions);
      return Ended.say(context, console, carried);
    }
  }
}
