package pgrunbook.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import pgrunbook.cli.MigrationOptions.Seen;
import pgrunbook.environment.Environment;
import pgrunbook.text.Problem;
import pgrunbook.text.Refused;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * <code>migration adopt</code>: writes a first migration from a schema that is there, and has the
 * runbook stamp say that it is applied.
 */
@Command(
    name = "adopt",
    description = {
      "Take over a database that another tool managed, such as Alembic.",
      "Writes the schema as it is to V<time>__baseline.sql, then runs 'stamp'",
      "with that version. The other tool's table is left alone."
    },
    mixinStandardHelpOptions = true)
final class MigrationAdoptCommand implements Callable<Integer> {
  private static final DateTimeFormatter VERSION =
      DateTimeFormatter.ofPattern("yyyyMMddHHmm", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final Duration LOCK_WAIT = Duration.ofSeconds(30);
  private static final String STAMP = "stamp";

  private final Context context;
  @Mixin private final MigrationOptions options = new MigrationOptions();

  MigrationAdoptCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var where = options.project(context);
    var environment = options.environment(where);
    var version = VERSION.format(Instant.now());
    Prepared.read( // before anything is written: whether there is such a runbook
        where,
        context.registry(),
        STAMP,
        Optional.of(environment.name()),
        Map.of("target", version));
    try (var site = Site.open(environment, where, List.of())) {
      var seen = MigrationOptions.look(environment, site);
      refuse(seen);
      var file = write(environment, version, baseline(seen, site));
      context.out().println("wrote " + where.folder().relativize(file) + "; review and commit it");
    }
    return stamp(where, environment, version);
  }

  private static void refuse(Seen seen) {
    var problems = new ArrayList<Problem>();
    if (seen.history().present()) {
      problems.add(
          Problem.of(
              "there is a history already: " + seen.history().shown(),
              "'migration status' shows where it stands; 'stamp' mends it"));
    } else if (seen.history().objects() == 0) {
      problems.add(
          Problem.of(
              "schema " + seen.history().schema() + " is empty, there is nothing to adopt",
              "'run migrate' applies the migrations to it"));
    }
    if (!seen.files().all().isEmpty()) {
      problems.add(
          Problem.of(
              seen.files().shown() + " has migrations already, a baseline would come after them",
              "if the schema is what they make: run stamp --set target=latest"));
    }
    if (!problems.isEmpty()) {
      throw new Refused(problems);
    }
  }

  private static String baseline(Seen seen, Site site) {
    var database = seen.environment().database().name();
    var arguments =
        new ArrayList<>(
            List.of("--schema-only", "--no-owner", "--no-privileges", "--no-tablespaces"));
    arguments.add("--lock-wait-timeout=" + LOCK_WAIT.toMillis());
    seen.history()
        .foreign(site.cluster(), database)
        .forEach(it -> arguments.add("--exclude-table=" + it));
    var command =
        site.world().programs().apply("pgrunbook").command("pg_dump", database, arguments);
    try (var out = site.world().processes().open(command)) {
      return Baseline.of(new String(out.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new Refused(
          "pg_dump could not write the schema of " + database + ": " + e.getMessage(),
          "may the role read every table, is one locked, and is pg_dump as new as the server?");
    }
  }

  private static Path write(Environment environment, String version, String sql) {
    var folder = environment.migrations().dir();
    var file = folder.resolve("V" + version + "__baseline.sql");
    try {
      Files.createDirectories(folder);
      return Files.writeString(file, sql, StandardOpenOption.CREATE_NEW);
    } catch (IOException e) {
      throw new Refused(
          "cannot write the migration: " + e, "nothing was written; may this user write there?");
    }
  }

  /** The ordinary runbook, with its plan, confirmation and journal. */
  private int stamp(Project where, Environment environment, String version) {
    var run = new RunCommand(context);
    CommandLine.populateCommand(
        run,
        "-C",
        where.folder().toString(),
        STAMP,
        "--env",
        environment.name(),
        "--set",
        "target=" + version);
    return run.call();
  }
}
