package pgrunbook.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
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

  /** Only the command that is meant is put together: all of them take a fifth of a second. */
  int execute(String... arguments) {
    var meant = arguments.length > 0 ? commands().get(arguments[0]) : null;
    return line(meant == null ? commands().values() : List.of(meant)).execute(arguments);
  }

  /** The command line with all commands. */
  CommandLine line() {
    return line(commands().values());
  }

  private CommandLine line(Collection<Supplier<Object>> commands) {
    var line = new CommandLine(new Top());
    commands.forEach(command -> line.addSubcommand(command.get()));
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

  /** By the names that their annotations have. */
  private Map<String, Supplier<Object>> commands() {
    var all = new LinkedHashMap<String, Supplier<Object>>();
    all.put("run", () -> new RunCommand(context));
    all.put("plan", () -> new PlanCommand(context));
    all.put("rehearse", () -> new RehearseCommand(context));
    all.put("resume", () -> new ResumeCommand(context));
    all.put("rollback", () -> new RollbackCommand(context));
    all.put("abandon", () -> new AbandonCommand(context));
    all.put("status", () -> new StatusCommand(context));
    all.put("runs", () -> new RunsCommand(context));
    all.put("show", () -> new ShowCommand(context));
    all.put("doctor", () -> new DoctorCommand(context));
    all.put("psql", () -> new PsqlCommand(context));
    all.put(
        "backups",
        () ->
            new CommandLine(new BackupsCommand(context))
                .addSubcommand(new BackupsOpenCommand(context)));
    all.put("migration", () -> MigrationCommand.line(context));
    all.put("lint", () -> new LintCommand(context));
    all.put("schema", () -> new SchemaCommand(context));
    all.put("init", () -> new InitCommand(context));
    return all;
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
