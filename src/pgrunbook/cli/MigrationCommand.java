package pgrunbook.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** <code>migration</code>: what there is to know and to write about migrations. */
@Command(
    name = "migration",
    description = "Write migrations, and see where a database stands among them.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class MigrationCommand implements Callable<Integer> {
  @CommandLine.Mixin final ProjectOption project = new ProjectOption();
  @CommandLine.Spec @org.jspecify.annotations.Nullable CommandSpec spec;

  private MigrationCommand() {}

  /** The command with its own commands. */
  static CommandLine line(Context context) {
    return new CommandLine(new MigrationCommand())
        .addSubcommand(new MigrationNewCommand(context))
        .addSubcommand(new MigrationStatusCommand(context))
        .addSubcommand(new MigrationHistoryCommand(context))
        .addSubcommand(new MigrationAdoptCommand(context));
  }

  @Override
  public Integer call() {
    throw new CommandLine.ParameterException(
        java.util.Objects.requireNonNull(spec).commandLine(), "missing command");
  }
}
