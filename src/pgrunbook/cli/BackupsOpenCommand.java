package pgrunbook.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import pgrunbook.environment.Environment;
import pgrunbook.postgres.Unreachable;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;
import pgrunbook.text.Refused;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** <code>backups open</code>: a look into a backup, on a server that exists for that only. */
@Command(
    name = "open",
    description =
        "Restore a backup on a scratch server, and open psql in it, read-only; or take one table"
            + " out. The server is removed afterwards. The backup's SQL runs as its superuser, on this"
            + " machine unless --container confines it: open what you trust.",
    mixinStandardHelpOptions = true)
final class BackupsOpenCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private final ProjectOption project = new ProjectOption();

  @Parameters(paramLabel = "FILE", description = "the backup, a path or a name in a backups folder")
  private String file = "";

  @Option(
      names = "--env",
      paramLabel = "NAME",
      description = "environment whose PostgreSQL is taken; default: the backup's")
  private Optional<String> environment = Optional.empty();

  @Option(names = "--table", paramLabel = "TABLE", description = "take this table out")
  private Optional<String> table = Optional.empty();

  @Option(
      names = "--to",
      paramLabel = "FILE",
      description = "a new file: rows as .csv, or the table with its rows as .sql")
  private Optional<Path> to = Optional.empty();

  @Option(
      names = "--container",
      arity = "0..1",
      paramLabel = "IMAGE",
      fallbackValue = "",
      preprocessor = RehearseCommand.OnlyAttached.class,
      description = "make the server in a container, as rehearse does")
  private Optional<String> container = Optional.empty();

  BackupsOpenCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    var where = project.find(context);
    var wanted = wanted();
    ScratchStart.checkImage(container);
    var backup = FoundBackup.find(where, file, environment);
    var real = where.environment(backup.environment(), new Problems());
    var stop = context.signals().begin();
    try (var scratch =
        new ScratchStart(where, context.err()::println)
            .start(backup.environment(), image(real), List.of(backup.path()))) {
      context.err().println(scratch.shown());
      return new OpenBackup(context, where, scratch, stop)
          .look(backup.path(), backup.environment(), real, wanted);
    } catch (InterruptedException e) {
      return Exit.INTERRUPTED;
    } catch (Unreachable e) {
      throw new Refused(List.of(e.problem()));
    } catch (IOException e) {
      throw new Refused("the backup could not be opened: " + e.getMessage(), "is the disk full?");
    }
  }

  /** Where PostgreSQL runs in a container, the same image has its version and its extensions. */
  private Optional<String> image(Optional<Environment> real) {
    return container.or(() -> real.flatMap(Environment::compose).map(_ -> ""));
  }

  private Optional<TableOut.Wanted> wanted() {
    if (table.isPresent() != to.isPresent()) {
      throw wrong("--table and --to go together", "--table users --to users.csv");
    }
    if (table.isEmpty() && !context.terminal()) {
      throw wrong(
          "psql needs a terminal, and there is none", "--table T --to FILE takes a table out");
    }
    return table.map(name -> new TableOut.Wanted(name, target(to.orElseThrow())));
  }

  private static Path target(Path file) {
    var whole = file.toAbsolutePath().normalize();
    var folder = whole.getParent();
    if (!file.toString().endsWith(".csv") && !file.toString().endsWith(".sql")) {
      throw wrong("'" + file + "' ends neither with .csv nor with .sql", "its end says the format");
    } else if (Files.exists(whole)) {
      throw wrong("there is a file " + file + " already", "it is never overwritten");
    } else if (Files.exists(Path.of(whole + ".part"))) {
      throw wrong("there is a file " + file + ".part already", "it is written first: remove it");
    } else if (folder == null || !Files.isWritable(folder)) {
      throw wrong("nothing can be written where '" + file + "' is to be", "does its folder exist?");
    }
    return whole;
  }

  static InvalidInput wrong(String what, String hint) {
    return new InvalidInput(Problem.of(what, hint));
  }
}
