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

/** <code>resume</code>: goes on where a run was left. */
@Command(
    name = "resume",
    description = "Go on where a run was left.",
    mixinStandardHelpOptions = true)
final class ResumeCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private final ProjectOption project = new ProjectOption();

  @Parameters(
      arity = "0..1",
      paramLabel = "RUN",
      description = "id of the run (default: the only unfinished one)")
  private Optional<String> run = Optional.empty();

  @Mixin private final Decisions decisions = new Decisions();

  @Option(
      names = "--set",
      paramLabel = "PARAM=VALUE",
      description = "a secret param again, for the journal does not keep it")
  private Map<String, String> params = new LinkedHashMap<>();

  ResumeCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var where = project.find();
    var known = Known.find(where, run);
    if (known.state().isOver()) {
      throw new Refused(
          "run " + known.id() + " is over (" + known.state().status() + ")",
          "start a new one with 'run'");
    }
    if (known.state().isRollingBack()) {
      throw new Refused(
          "run " + known.id() + " is being rolled back",
          "go on with that: '" + Called.by("rollback " + known.id()) + "'");
    }
    var prepared = Reopened.of(context, where, known, params).prepared();
    var around = Site.Around.of(prepared.environment(), where);
    try (var site = Site.open(prepared.environment(), where, around, prepared.secretParams())) {
      var console = new Console(context.out(), context.terminal(), site.masking());
      var stop = context.signals().begin();
      console.line("resuming run " + known.id() + " of " + known.state().about("runbook"));
      var carried = new Carrier(prepared, site, console, stop).resume(known.folder(), decisions);
      return Ended.say(context, console, carried);
    }
  }
}
