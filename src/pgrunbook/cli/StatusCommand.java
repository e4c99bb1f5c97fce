package pgrunbook.cli;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** <code>status</code>: which runs are unfinished, where they stand, and what they owe. */
@Command(
    name = "status",
    description = "Show unfinished runs: where they stand, what they owe, what can be done.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private final ProjectOption project = new ProjectOption();

  @Parameters(arity = "0..1", paramLabel = "RUN", description = "id of a run, over or not")
  private Optional<String> run = Optional.empty();

  StatusCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var where = project.find();
    var shown = run.isPresent() ? List.of(Known.find(where, run)) : Known.open(where);
    var left = run.isPresent() ? List.<Known>of() : Status.overButOwing(Known.all(where));
    if (shown.isEmpty()) {
      context.out().println("no run is unfinished" + (left.isEmpty() ? ", nothing is owed" : ""));
    }
    left.forEach(known -> Status.leftBehind(known).forEach(context.out()::println));
    shown.forEach(known -> Status.text(known).forEach(context.out()::println));
    return Exit.DONE;
  }
}
