package pgrunbook.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import pgrunbook.environment.EnvironmentSchema;
import pgrunbook.starter.Engine;
import pgrunbook.starter.Starter;
import pgrunbook.starter.StarterFile;
import pgrunbook.starter.StarterFile.Fate;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** <code>init</code>: runbooks for another application's repository. */
@Command(
    name = "init",
    description = "Write runbooks into an application's repository, from its Compose files.",
    mixinStandardHelpOptions = true)
final class InitCommand implements Callable<Integer> {
  private final Context context;

  @Option(
      names = {"-C", "--dir"},
      paramLabel = "DIR",
      description = "the repository (default: the current folder)")
  private Path folder = Path.of("");

  @Option(
      names = "--compose",
      paramLabel = "[ENV=]FILE",
      description = "a Compose file; A,B lays B over A; may be given again")
  private List<String> compose = List.of();

  @Option(names = "--postgres", paramLabel = "SERVICE", description = "the service of PostgreSQL")
  private Optional<String> postgres = Optional.empty();

  @Option(
      names = "--engine",
      paramLabel = "JAR|COORDINATES",
      description = "where launchers have pgrunbook from (default: this very jar)")
  private Optional<String> engine = Optional.empty();

  @Option(names = "--dry-run", description = "only list what would be written")
  private boolean dryRun = false;

  InitCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var where = folder.toAbsolutePath().normalize();
    if (!Files.isDirectory(where)) {
      throw new InvalidInput(
          Problem.of("there is no folder " + where, "--dir names an application's repository"));
    }
    var request =
        new Starter.Request(where, compose, postgres, Engine.of(engine, Version.TEXT), schemas());
    var starter = Starter.of(request, System.getenv());
    starter.files().forEach(file -> context.out().println(line(file, settled(file, where))));
    starter.notes().forEach(note -> context.out().println("note: " + note));
    if (!dryRun) {
      context.out().println("next:");
      starter.next().forEach(step -> context.out().println("  " + step));
    }
    return Exit.DONE;
  }

  private Fate settled(StarterFile file, Path where) {
    var fate = file.fate(where);
    if (!dryRun && fate != Fate.KEPT) {
      file.write(where);
    }
    return fate;
  }

  private String line(StarterFile file, Fate fate) {
    return switch (fate) {
      case WRITTEN -> (dryRun ? "would write   " : "wrote    ") + file.path();
      case EXTENDED -> (dryRun ? "would extend  " : "extended ") + file.path();
      case KEPT -> (dryRun ? "would keep    " : "kept     ") + file.path() + ", which is there";
    };
  }

  private SequencedMap<String, String> schemas() {
    var schemas = new LinkedHashMap<String, String>();
    schemas.put("runbooks/runbook.schema.json", SchemaCommand.ofRunbooks(context.registry()));
    schemas.put("runbooks/environments/environment.schema.json", EnvironmentSchema.generate());
    return schemas;
  }
}
