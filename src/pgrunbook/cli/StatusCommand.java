package pgrunbook.cli;

import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.Callable;
import pgrunbook.journal.JournalException;
import pgrunbook.text.Problem;
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
    var where = project.find(context);
    if (run.isPresent()) {
      Status.text(Known.find(where, run)).forEach(context.out()::println);
      return Exit.DONE;
    }
    var unreadable = new ArrayList<JournalException>();
    var all = Known.all(where, unreadable::add);
    var shown = all.stream().filter(known -> !known.state().isOver()).toList();
    var left = Status.overButOwing(all);
    if (shown.isEmpty() && unreadable.isEmpty()) {
      context.out().println("no run is unfinished" + (left.isEmpty() ? ", nothing is owed" : ""));
    }
    left.forEach(known -> Status.leftBehind(known).forEach(context.out()::println));
    shown.forEach(known -> Status.text(known).forEach(context.out()::println));
    unreadable.forEach(
        e -> context.err().println(Problem.of(String.valueOf(e.getMessage()), e.hint())));
    return unreadable.isEmpty() ? Exit.DONE : Exit.UNDECIDED;
  }
}
