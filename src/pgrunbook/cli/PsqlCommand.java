package pgrunbook.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import pgrunbook.engine.Stop;
import pgrunbook.postgres.PostgresException;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Problem;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** <code>psql</code>: a shell in an environment's database, or SQL from here. */
@Command(
    name = "psql",
    description = "Open psql in an environment's database, or run SQL there.",
    mixinStandardHelpOptions = true)
final class PsqlCommand implements Callable<Integer> {
  /** Something to run; they are taken in the order in which they are given. */
  static final class Item {
    @Option(
        names = {"-c", "--command"},
        paramLabel = "SQL",
        description = "run this; may be given again, with -f in between")
    private @Nullable String sql;

    @Option(
        names = {"-f", "--file"},
        paramLabel = "FILE",
        description = "run a file of this machine; - is what comes in")
    private @Nullable String file;

    PsqlInput input() {
      return sql != null
          ? new PsqlInput.Text(sql)
          : PsqlInput.file(Objects.requireNonNull(file, "one of both was given"));
    }
  }

  private final Context context;
  @Mixin private final ProjectOption project = new ProjectOption();

  @Option(
      names = "--env",
      paramLabel = "NAME",
      description = "environment; default: the only one, else dev")
  private Optional<String> environment = Optional.empty();

  @Option(names = "--database", paramLabel = "NAME", description = "another one of the server")
  private Optional<String> database = Optional.empty();

  @Option(
      names = "--write",
      description = "a protected environment is opened read-only without this")
  private boolean write = false;

  @ArgGroup(multiplicity = "0..*")
  private List<Item> items = new ArrayList<>();

  @Option(names = "--csv", description = "rows as CSV")
  private boolean csv = false;

  @Option(names = "--json", description = "rows as JSON: an array of objects")
  private boolean json = false;

  @Parameters(paramLabel = "-- ARG", description = "options of psql itself, behind --")
  private List<String> more = List.of();

  PsqlCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    check();
    var folder = project.folder.orElse(Path.of("")).toAbsolutePath().normalize();
    var inputs = inputs();
    inputs.forEach(input -> input.check(folder));
    var where = project.find(context);
    var wanted = new PsqlSeat.Wanted(environment, database, write, inputs.isEmpty());
    var stop = context.signals().begin();
    try (var seat = PsqlSeat.take(context, where, wanted)) {
      var exit = run(seat, new PsqlBatch.Work(folder, inputs, csv, more), stop);
      return stop.isRequested() ? Exit.INTERRUPTED : exit;
    } catch (PsqlSeat.NotThere e) {
      e.problems().forEach(problem -> context.err().println(problem));
      return Exit.USAGE; // as psql says that there is no connection
    } catch (InterruptedException e) {
      return Exit.INTERRUPTED;
    } catch (PostgresException e) {
      if (stop.isRequested()) {
        return Exit.INTERRUPTED;
      }
      context.err().println(e.problem());
      return Exit.FAILED;
    }
  }

  /** Without -c and -f, it is what comes in; nothing to run means a person at a terminal. */
  private List<PsqlInput> inputs() {
    return items.isEmpty() && !context.terminal()
        ? List.of(new PsqlInput.Stdin())
        : items.stream().map(Item::input).toList();
  }

  private int run(PsqlSeat seat, PsqlBatch.Work work, Stop stop) throws InterruptedException {
    if (work.inputs().isEmpty()) {
      if (json) {
        throw wrong("--json shows what SQL yields, and there is none", "-c SQL, or -f FILE");
      }
      return new PsqlTerminal(context, seat, work).run();
    }
    return json
        ? new PsqlJson(context, seat, work).run()
        : new PsqlBatch(context, seat, work, stop).run();
  }

  private void check() {
    if (csv && json) {
      throw wrong("--csv and --json exclude each other", "leave one of them out");
    }
    if (json && !more.isEmpty()) {
      throw wrong("--json is not made by psql: its options mean nothing there", "leave them out");
    }
    PsqlOptions.check(more);
  }

  static InvalidInput wrong(String what, String hint) {
    return new InvalidInput(Problem.of(what, hint));
  }
}
