package pgrunbook.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgrunbook.backup.DumpContents;
import pgrunbook.backup.Examiner;
import pgrunbook.migration.History;
import pgrunbook.migration.HistoryTable;
import pgrunbook.migration.MigrationState;
import pgrunbook.migration.Migrations;
import pgrunbook.migration.Version;
import pgrunbook.postgres.Identifiers;
import pgrunbook.rehearsal.SampleApplication;
import pgrunbook.runbook.Runbook;
import pgrunbook.text.Refused;

/** What a scratch server holds when a rehearsal begins. */
record StartingPoint(Site site, Console console) {
  private static final int SAMPLE_ROWS = 5000;
  private static final String MIGRATIONS = "flyway.";
  private static final String MAINTENANCE = "postgres";

  /**
   * The sample application; for a runbook about migrations with its history, where they are the
   * sample's own, and otherwise an empty database to apply them to.
   */
  void make(Runbook runbook) throws InterruptedException {
    var migrates = runbook.steps().stream().anyMatch(step -> step.action().startsWith(MIGRATIONS));
    if (!migrates) {
      sample();
      return;
    }
    var files = Migrations.read(site.environment().migrations());
    var newest = newestOfSample(files);
    if (newest.isPresent()) {
      sample();
      stamp(files, newest.get());
      return;
    }
    if (site.cluster().database(database()).isEmpty()) {
      site.cluster().execute(MAINTENANCE, "CREATE DATABASE " + Identifiers.quote(database()));
    }
    console.line(
        "empty database " + database() + "; --backup FILE begins with what production holds");
  }

  /** What a backup holds. */
  void restore(Path backup, PackedRuns packed) throws IOException, InterruptedException {
    makeWhatLiesBeside(backup);
    var restored = packed.restore(backup, true);
    if (!restored.isDone()) {
      throw unprepared();
    }
    // Every server has a database postgres, and nobody drops the one that he is connected to.
    var from = database().equals(MAINTENANCE) ? "template1" : MAINTENANCE;
    var name = Identifiers.quote(database());
    site.cluster().execute(from, "DROP DATABASE " + name + " WITH (FORCE)");
    site.cluster()
        .execute(
            from,
            "ALTER DATABASE " + Identifiers.quote(restored.database()) + " RENAME TO " + name);
    console.line("the rehearsal begins with what " + backup.getFileName() + " holds");
  }

  static Refused unprepared() {
    return new Refused("the rehearsal could not be prepared", "see the lines above");
  }

  /** A scratch cluster has nothing that lies beside the databases where the backup comes from. */
  void makeWhatLiesBeside(Path backup) throws InterruptedException {
    var contents = Examiner.examine(backup, site.world().archives(), (_, _) -> {}).contents();
    makeRoles(contents);
    makeTablespaces(contents);
  }

  private void makeRoles(DumpContents contents) throws InterruptedException {
    var missing = new ArrayList<>(contents.roles());
    missing.removeAll(site.cluster().roles());
    for (var role : missing) {
      site.cluster().execute(MAINTENANCE, "CREATE ROLE " + Identifiers.quote(role) + " NOLOGIN");
    }
    if (!missing.isEmpty()) {
      console.line("made the backup's roles: " + String.join(", ", missing));
    }
  }

  /** In the cluster's own folder, as the server allows it to a superuser who asks for it. */
  private void makeTablespaces(DumpContents contents) throws InterruptedException {
    var missing = new ArrayList<>(contents.tablespaces());
    missing.removeAll(site.cluster().tablespaces().keySet());
    for (var name : missing) {
      var sql = "CREATE TABLESPACE " + Identifiers.quote(name) + " LOCATION ''";
      site.cluster()
          .write(
              MAINTENANCE,
              connection -> {
                try (var statement = connection.createStatement()) {
                  statement.execute("SET allow_in_place_tablespaces = on");
                  return statement.execute(sql);
                }
              });
    }
    if (!missing.isEmpty()) {
      console.line("made the backup's tablespaces: " + String.join(", ", missing));
    }
  }

  private String database() {
    return site.environment().database().name();
  }

  private void sample() throws InterruptedException {
    var made = SampleApplication.create(site.cluster(), database(), SAMPLE_ROWS);
    var numbers = made.vectors() ? "vectors of pgvector" : "arrays, for there is no pgvector";
    console.line("sample application in database " + database() + "; embeddings are " + numbers);
  }

  /** Empty where the project's migrations are not, or do not begin with, the sample's. */
  private static Optional<Version> newestOfSample(Migrations files) {
    var packed = SampleApplication.migrations();
    var same =
        packed.all().stream()
            .allMatch(it ->
                files.find(it.version()).filter(file -> file.sql().equals(it.sql())).isPresent());
    return same ? packed.newest() : Optional.empty();
  }

  private void stamp(Migrations files, Version version) throws InterruptedException {
    var settings = site.environment().migrations();
    var state = MigrationState.of(files, History.read(site.cluster(), database(), settings));
    var rows = state.stamped(files, Optional.of(version));
    site.cluster()
        .write(
            database(),
            connection -> {
              new HistoryTable(settings).replace(connection, rows);
              return List.of();
            });
    console.line("its history says that it is at " + version);
  }
}
