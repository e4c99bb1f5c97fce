package pgrunbook.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import pgrunbook.difference.Draft;
import pgrunbook.difference.Drafting;
import pgrunbook.difference.ScratchDatabases;
import pgrunbook.environment.Environment;
import pgrunbook.migration.History;
import pgrunbook.migration.MigrationFailed;
import pgrunbook.migration.MigrationState;
import pgrunbook.migration.Migrations;
import pgrunbook.migration.Migrator;
import pgrunbook.migration.Odd;
import pgrunbook.migration.Version;
import pgrunbook.postgres.Cluster;
import pgrunbook.postgres.Identifiers;
import pgrunbook.text.Problem;
import pgrunbook.text.Refused;

/**
 * Takes the difference between what the migrations make and what somebody wants.
 *
 * @param files all migrations of the project
 * @param log hears what goes on
 */
record DraftedMigration(Project project, Migrations files, Consumer<String> log) {
  /**
   * What came of it.
   *
   * @param origin what was compared, for the files' header
   * @param newest the version that the new one has to be after, as far as a database knows one
   */
  record Result(Draft draft, String origin, Optional<Version> newest) {}

  /** The difference to a database that was changed live. */
  Result of(MigrationSource.Live source) throws InterruptedException {
    var environment = source.environment();
    try (var site = Site.open(environment, project, List.of())) {
      var id = ScratchDatabases.newId();
      var cluster = cluster(site, id);
      var database = environment.database().name();
      try (var scratch = scratch(cluster, database, id)) {
        var history = history(cluster, environment);
        var state = state(history, environment);
        var draft =
            drafting(cluster, scratch, environment, database)
                .draft(migrated(scratch, cluster, environment), database);
        return new Result(
            draft,
            origin("database " + database + " of " + environment.name(), site),
            state.current());
      }
    }
  }

  /** The difference to a schema file. */
  Result of(MigrationSource.File source) throws InterruptedException {
    var environment = source.environment();
    try (var site = Site.open(environment, project, List.of())) {
      var id = ScratchDatabases.newId();
      var cluster = cluster(site, id);
      try (var scratch = scratch(cluster, environment.database().name(), id)) {
        var wanted = scratch.create();
        var world = site.world();
        source
            .schema()
            .apply(
                wanted,
                world.programs().apply(ScratchDatabases.application(id)),
                world.processes());
        var draft =
            drafting(cluster, scratch, environment, wanted)
                .draft(migrated(scratch, cluster, environment), wanted);
        return new Result(draft, origin(source.schema().shown(), site), Optional.empty());
      }
    }
  }

  private static Cluster cluster(Site site, String id) {
    var problems = new ArrayList<Problem>();
    site.facts(problems);
    if (!problems.isEmpty()) {
      throw new Refused(problems);
    }
    return site.world().cluster().apply(ScratchDatabases.application(id));
  }

  private ScratchDatabases scratch(Cluster cluster, String database, String id)
      throws InterruptedException {
    var scratch = ScratchDatabases.beside(cluster, database, id);
    var leftovers = scratch.removeLeftovers();
    leftovers
        .removed()
        .forEach(it -> log.accept("removed " + it + ", which a run that was killed had left"));
    leftovers
        .unmarked()
        .forEach(it ->
            log.accept(
                "note: "
                    + it
                    + " is named as a scratch database, but not marked as one; left alone"));
    return scratch;
  }

  /** Other tools' tables stay theirs: a U file must not drop them. */
  private static Drafting drafting(
      Cluster cluster, ScratchDatabases scratch, Environment environment, String wanted) {
    var settings = environment.migrations();
    var bookkeeping = new ArrayList<>(List.of(settings.table()));
    for (var qualified : History.read(cluster, wanted, settings).foreign(cluster, wanted)) {
      bookkeeping.add(qualified.substring(qualified.lastIndexOf('.') + 1).replace("\"", ""));
    }
    return new Drafting(cluster, scratch, bookkeeping);
  }

  /** A database with all migrations applied, on the same server. */
  private String migrated(ScratchDatabases scratch, Cluster cluster, Environment environment)
      throws InterruptedException {
    var database = scratch.create();
    var settings = environment.migrations();
    if (settings.schema().isPresent()) {
      var schema = Identifiers.quote(settings.schema().get());
      cluster.execute(database, "CREATE SCHEMA IF NOT EXISTS " + schema);
    }
    try {
      new Migrator(cluster, settings).applyAll(database, files);
    } catch (MigrationFailed e) {
      var problem = e.problem();
      throw new Refused(
          List.of(
              new Problem(
                  problem.at(),
                  "the migrations do not apply to an empty database: " + problem.what(),
                  problem.hint())));
    }
    return database;
  }

  private static History history(Cluster cluster, Environment environment) {
    return History.read(cluster, environment.database().name(), environment.migrations());
  }

  /** Where the live database stands; migrations that it lacks would be taken for changes. */
  private MigrationState state(History history, Environment environment) {
    var state = MigrationState.of(files, history);
    if (history.present() && !state.pending().isEmpty()) {
      throw new Refused(
          environment.name()
              + " lacks "
              + state.pending().size()
              + " migration(s), from "
              + state.pending().getFirst().shown()
              + " on: they would be taken for something that was dropped",
          "apply them first: " + Called.by("run migrate --env " + environment.name()));
    }
    var refused = state.odd().stream().filter(DraftedMigration::misleads).toList();
    if (!refused.isEmpty()) {
      throw new Refused(refused.stream().map(Odd::problem).toList());
    }
    if (history.present()) {
      state.odd().forEach(it -> log.accept("note: " + it.problem().what()));
    }
    return state;
  }

  /** Whether the files make something else than what was applied there. */
  private static boolean misleads(Odd odd) {
    return switch (odd) {
      case Odd.OutOfOrder _, Odd.Changed _, Odd.Missing _, Odd.Failed _ -> true;
      case Odd.Renamed _, Odd.Newer _, Odd.NotAdopted _, Odd.NoSchema _ -> false;
    };
  }

  private String origin(String what, Site site) {
    var newest = files.newest().map(it -> "the migrations up to " + it).orElse("no migrations");
    return "the difference between "
        + newest
        + " and "
        + what
        + ", PostgreSQL "
        + site.cluster().server().version().replaceFirst(" .*", "");
  }
}
