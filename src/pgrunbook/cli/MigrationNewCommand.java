package pgrunbook.cli;

import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import pgrunbook.difference.Change;
import pgrunbook.difference.Draft;
import pgrunbook.environment.MigrationSettings;
import pgrunbook.migration.Migrations;
import pgrunbook.migration.NewMigration;
import pgrunbook.postgres.PostgresException;
import pgrunbook.text.Problem;
import pgrunbook.text.Refused;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** <code>migration new</code>: the two files of a migration, empty or made from a difference. */
@Command(
    name = "new",
    description = {
      "Write the V and U files of a migration.",
      "Empty ones to fill in, or with --from the difference between all migrations",
      "and a live database, or a schema file."
    },
    mixinStandardHelpOptions = true)
final class MigrationNewCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private final ProjectOption project = new ProjectOption();

  @Parameters(paramLabel = "DESCRIPTION", description = "what changes: \"Add users table\"")
  private String description = "";

  @Option(
      names = "--from",
      paramLabel = "ENV|FILE.sql",
      description = "the environment whose database was changed, or a schema file")
  private Optional<String> from = Optional.empty();

  @Option(
      names = "--env",
      paramLabel = "NAME",
      description = "whose migrations; whose server compares a schema file (dev)")
  private Optional<String> environment = Optional.empty();

  @Option(
      names = "--confirm-dangerous",
      description = "write also what drops, rewrites or may be a rename")
  private boolean confirmed = false;

  MigrationNewCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var where = project.find(context);
    return switch (MigrationSource.of(where, from, environment)) {
      case MigrationSource.Manual(var settings) -> manual(where, settings);
      case MigrationSource.Live live -> drafted(where, live.environment().migrations(), live);
      case MigrationSource.File file -> drafted(where, file.environment().migrations(), file);
    };
  }

  private int manual(Project where, MigrationSettings settings) {
    var now = Instant.now();
    var files = read(settings);
    var migration = NewMigration.of(settings.dir(), description, files.newest(), now);
    var text = new MigrationText(migration, description, "", now);
    migration.write(text.forward(), text.back());
    context.out().println(shown(where, migration, migration.script()));
    context.out().println(shown(where, migration, migration.undoScript()));
    context
        .out()
        .println("next: write the SQL into both, then: " + migrate(environment.orElse("dev")));
    return Exit.DONE;
  }

  /** A folder that is not there yet is made with its first migration. */
  private static Migrations read(MigrationSettings settings) {
    return Files.exists(settings.dir())
        ? Migrations.read(settings).orThrow()
        : new Migrations(settings.dir(), settings.shown(), List.of(), List.of());
  }

  private int drafted(Project where, MigrationSettings settings, MigrationSource source) {
    var now = Instant.now();
    NewMigration.of(settings.dir(), description, Optional.empty(), now); // a bad name ends it here
    var files = read(settings);
    var stop = context.signals().begin();
    try {
      var result = taken(source, new DraftedMigration(where, files, context.err()::println));
      if (Thread.interrupted()) {
        return Exit.INTERRUPTED;
      }
      var newest =
          Stream.concat(files.newest().stream(), result.newest().stream())
              .max(Comparable::compareTo);
      var migration = NewMigration.of(settings.dir(), description, newest, now);
      return written(where, migration, source, result, now);
    } catch (InterruptedException e) {
      return Exit.INTERRUPTED;
    } catch (PostgresException e) {
      if (stop.isRequested()) {
        return Exit.INTERRUPTED;
      }
      throw e;
    } finally {
      stop.over();
    }
  }

  private static DraftedMigration.Result taken(MigrationSource source, DraftedMigration drafted)
      throws InterruptedException {
    return switch (source) {
      case MigrationSource.Live live -> drafted.of(live);
      case MigrationSource.File file -> drafted.of(file);
      case MigrationSource.Manual _ -> throw new IllegalStateException("nothing to compare");
    };
  }

  private int written(
      Project where,
      NewMigration migration,
      MigrationSource source,
      DraftedMigration.Result result,
      Instant now) {
    var draft = result.draft();
    if (draft.isEmpty()) {
      context.out().println("no difference: nothing was written");
      return Exit.DONE;
    }
    if (draft.forward().isEmpty()) {
      return uncovered(draft, "nothing was written; write it by hand: migration new DESCRIPTION");
    }
    confirm(draft.forward());
    var text = new MigrationText(migration, description, result.origin(), now);
    migration.write(text.forward(draft), text.back(draft));
    show(where, migration, draft);
    if (!draft.uncovered().isEmpty()) {
      return uncovered(draft, "the files say so too; complete them by hand before they are used");
    }
    next(source, migration);
    return Exit.DONE;
  }

  private void show(Project where, NewMigration migration, Draft draft) {
    context.out().println(shown(where, migration, migration.script()));
    context.out().println(MigrationText.statements(draft.forward()).indent(2));
    context.out().println(shown(where, migration, migration.undoScript()));
    context.out().println(MigrationText.statements(draft.back()).indent(2));
  }

  private static String shown(Project where, NewMigration migration, String script) {
    var file = migration.folder().resolve(script);
    return file.startsWith(where.folder())
        ? where.folder().relativize(file).toString()
        : file.toString();
  }

  private int uncovered(Draft draft, String hint) {
    context.err().println("not covered by this migration:");
    draft.uncovered().forEach(it -> context.err().println("  " + it));
    context.err().println("  hint: " + hint);
    return Exit.FAILED;
  }

  /** Whoever has made the change live has it already: it only has to be noted as applied. */
  private void next(MigrationSource source, NewMigration migration) {
    if (source instanceof MigrationSource.Live(var dev)) {
      context
          .out()
          .printf(
              "next: read both files. %s has the change already, so note it there as applied:%n"
                  + "        %s%n"
                  + "      and everywhere else: %s%n",
              dev.name(),
              Called.by("run stamp --env " + dev.name() + " --set target=" + migration.version()),
              migrate("NAME"));
    } else {
      context.out().println("next: read both files, then: " + migrate(environment.orElse("dev")));
    }
  }

  private static String migrate(String environment) {
    return Called.by("run migrate --env " + environment);
  }

  private void confirm(List<Change> changes) {
    var dangerous = changes.stream().filter(it -> it.danger().isPresent()).toList();
    if (dangerous.isEmpty() || confirmed || (context.terminal() && agreed(dangerous))) {
      return;
    }
    var problems = new ArrayList<Problem>();
    dangerous.forEach(it -> problems.add(danger(it)));
    problems.add(
        Problem.of(
            "nothing was written: nobody has confirmed what is dangerous",
            "where it is meant, give --confirm-dangerous"));
    throw new Refused(problems);
  }

  private static Problem danger(Change change) {
    var what = "dangerous: " + change.danger().orElse("");
    return change.notes().isEmpty()
        ? Problem.of(what)
        : Problem.of(what, String.join("\n  hint: ", change.notes()));
  }

  private boolean agreed(List<Change> dangerous) {
    context.out().print(MigrationText.statements(dangerous));
    context.out().print("write the migration with this in it? [yes/no]: ");
    context.out().flush();
    return Terminal.readLine().orElse("").strip().equals("yes");
  }
}
