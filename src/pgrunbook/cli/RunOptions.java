package pgrunbook.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which earlier run, in which project, and what an operator says about it. */
final class RunOptions {
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

  Project project(Context context) {
    return project.find(context);
  }

  Known find(Project where) {
    decisions.check();
    return Known.find(where, run);
  }

  Decisions decisions() {
    return decisions;
  }

  /** The run with its own copies of runbook and environment. */
  Prepared reopen(Context context, Project where, Known known) {
    return Reopened.of(context, where, known, params);
  }

  /** Reaches the run's target and carries the run on. */
  int carryOn(
      Context context,
      Project where,
      Prepared prepared,
      String doing,
      Known known,
      BiFunction<Carrier, Known, Carrier.Carried> how) {
    LeftStopped.start(context, where, prepared.environment(), known);
    try (var site = Site.open(prepared.environment(), where, prepared.secretParams().values())) {
      var console = new Console(context.out(), context.terminal(), site.masking());
      console.line(doing + " run " + known.id() + " of " + known.state().about("runbook"));
      var carrier = new Carrier(context, prepared, site, console, context.signals().begin());
      return Ended.say(context, console, how.apply(carrier, known));
    }
  }
}
