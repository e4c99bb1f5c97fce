package pgrunbook.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import pgrunbook.journal.JournalException;
import pgrunbook.postgres.PostgresException;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Problem;
import pgrunbook.text.Refused;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands, and what becomes of an error in one of them. */
final class Main {
  private final Context context;

  Main(Context context) {
    this.context = context;
  }

  /**
   * The command line without a subcommand; it only helps, and takes what stands in front of one.
   */
  @Command(
      name = "runbook",
      description = "Runbooks for PostgreSQL: planned, rehearsed, resumable.",
      mixinStandardHelpOptions = true,
      version = "pgrunbook " + Version.TEXT,
      synopsisSubcommandLabel = "COMMAND")
  static final class Top implements Callable<Integer> {
    @CommandLine.Mixin final ProjectOption project = new ProjectOption();

    @CommandLine.Spec CommandLine.Model.@org.jspecify.annotations.Nullable CommandSpec spec;

    @Override
    public Integer call() {
      throw new CommandLine.ParameterException(
          java.util.Objects.requireNonNull(spec).commandLine(), "missing command");
    }
  }

  int execute(String... arguments) {
    return line().execute(arguments);
  }

  /** The command line with all commands. */
  CommandLine line() {
    var line = new CommandLine(new Top());
    for (var command : commands()) {
      line.addSubcommand(command);
    }
    line.setOut(writer(context.out()));
    line.setErr(writer(context.err()));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler((e, _, _) -> said(e));
    line.setParameterExceptionHandler(new Misuse(line.getParameterExceptionHandler()));
    line.setExecutionStrategy(parsed -> {
      ProjectOption.handDown(parsed);
      return new CommandLine.RunLast().execute(parsed);
    });
    return line;
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8) {
      @Override
      public void write(String text, int from, int length) {
        stream.print(text.substring(from, from + length));
      }
    };
  }

  private List<Object> commands() {
    return List.of(
        new RunCommand(context),
        new PlanCommand(context),
        new RehearseCommand(context),
        new ResumeCommand(context),
        new RollbackCommand(context),
        new AbandonCommand(context),
        new StatusCommand(context),
        new RunsCommand(context),
        new ShowCommand(context),
        new DoctorCommand(context),
        new PsqlCommand(context),
        new CommandLine(new BackupsCommand(context)).addSubcommand(new BackupsOpenCommand(context)),
        MigrationCommand.line(context),
        new LintCommand(context),
        new SchemaCommand(context),
        new InitCommand(context));
  }

  private int said(Exception e) throws Exception {
    return switch (e) {
      case InvalidInput it -> say(it.problems(), Exit.USAGE);
      case Refused it -> say(it.problems(), Exit.REFUSED);
      case PostgresException it -> say(List.of(it.problem()), Exit.REFUSED);
      case JournalException it ->
          say(List.of(Problem.of(String.valueOf(it.getMessage()), it.hint())), Exit.UNDECIDED);
      default -> {
        context.err().println("an error of pgrunbook itself; please report it with these lines:");
        throw e;
      }
    };
  }

  private int say(List<Problem> problems, int exit) {
    problems.forEach(problem -> context.err().println(problem));
    return exit;
  }
}
