package pgrunbook.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** <code>runs</code>: all runs of the project. */
@Command(
    name = "runs",
    description = "List the project's runs, oldest first.",
    mixinStandardHelpOptions = true)
final class RunsCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private final ProjectOption project = new ProjectOption();

  RunsCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Known.all(project.find(context)).forEach(known -> context.out().println(Status.line(known)));
    return Exit.DONE;
  }
}
