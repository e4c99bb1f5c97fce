package pgrunbook.cli;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import pgrunbook.environment.Environment;
import pgrunbook.environment.Environments;
import pgrunbook.text.Masking;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;
import pgrunbook.text.Refused;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** <code>backups</code>: what lies in the backup folders, and how far it can be relied on. */
@Command(
    name = "backups",
    description =
        "List the backups: age, size, whether they are known to be good. Only files are read, no"
            + " server is asked.",
    mixinStandardHelpOptions = true)
final class BackupsCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private final ProjectOption project = new ProjectOption();

  @Option(names = "--env", paramLabel = "NAME", description = "only backups of this environment")
  private Optional<String> environment = Optional.empty();

  @Option(
      names = "--verify",
      description = "read every backup from end to end now; one that is damaged is exit code 1")
  private boolean verify = false;

  @Option(names = "--json", description = "print JSON")
  private boolean json = false;

  BackupsCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var where = project.find(context);
    var problems = new ArrayList<Problem>();
    var shelves = Shelf.of(environments(where, problems), environment);
    var reader = verify ? Optional.of(new BackupReading(where)) : Optional.<BackupReading>empty();
    var looked = new ArrayList<Shelf.Looked>();
    var progress = new Console(context.err(), context.terminal(), Masking.NONE);
    try {
      for (var shelf : shelves) {
        looked.add(shelf.look(reader, progress.progress(), Instant.now()));
      }
    } catch (IOException e) {
      throw new Refused(
          "a backups folder can't be read: " + e.getMessage(), "check its permissions");
    } finally {
      progress.close();
    }
    print(where, looked);
    problems.forEach(context.err()::println);
    return exit(problems, looked);
  }

  private int exit(List<Problem> problems, List<Shelf.Looked> looked) {
    if (looked.stream().anyMatch(Shelf.Looked::isBad)) {
      return Exit.FAILED;
    }
    return problems.isEmpty() ? Exit.DONE : Exit.USAGE;
  }

  private void print(Project where, List<Shelf.Looked> looked) {
    if (json) {
      context.out().println(BackupsJson.of(where, looked).toPrettyString());
    } else {
      looked.forEach(shelf -> BackupsText.lines(where, shelf).forEach(context.out()::println));
    }
  }

  /** Those that are asked for; one that can't be read hides no other. */
  private List<Environment> environments(Project where, List<Problem> problems) {
    var found = new ArrayList<Environment>();
    for (var name : environment.map(List::of).orElse(Environments.list(where.folder()))) {
      var wrong = new Problems();
      var read = where.environment(name, wrong);
      if (environment.isPresent()) {
        wrong.throwIfAny();
      }
      problems.addAll(wrong.list());
      read.ifPresent(found::add);
    }
    return found;
  }
}
