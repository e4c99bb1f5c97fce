package pgrunbook.cli;

import java.util.concurrent.Callable;
import pgrunbook.text.Refused;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** <code>resume</code>: goes on where a run was left. */
@Command(
    name = "resume",
    description = "Go on where a run was left.",
    mixinStandardHelpOptions = true)
final class ResumeCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private final RunOptions options = new RunOptions();

  ResumeCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var where = options.project(context);
    var known = options.find(where);
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
    var prepared = options.reopen(context, where, known);
    return options.carryOn(
        context,
        where,
        prepared,
        "resuming",
        known,
        (carrier, run) -> carrier.resume(run.folder(), options.decisions()));
  }
}
