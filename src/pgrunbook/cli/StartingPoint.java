package pgrunbook.cli;

import java.util.List;
import java.util.Optional;
import pgrunbook.environment.Environment;
import pgrunbook.migration.History;
import pgrunbook.migration.HistoryTable;
import pgrunbook.migration.MigrationState;
import pgrunbook.migration.Migrations;
import pgrunbook.migration.Version;
import pgrunbook.postgres.Identifiers;
import pgrunbook.rehearsal.SampleApplication;
import pgrunbook.runbook.Runbook;

/** What a scratch server holds when a rehearsal without a backup begins. */
record StartingPoint(Environment environment, Site site, Console console) {
  private static final int SAMPLE_ROWS = 5000;
  private static final String MIGRATIONS = "flyway.";

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
    var files = Migrations.read(environment.migrations());
    var newest = newestOfSample(files);
    if (newest.isPresent()) {
      sample();
      stamp(files, newest.get());
      return;
    }
    var name = environment.database().name();
    site.cluster().execute("postgres", "CREATE DATABASE " + Identifiers.quote(name));
    console.line("empty database " + name + "; --backup FILE begins with what production holds");
  }

  private void sample() throws InterruptedException {
    var name = environment.database().name();
    var made = SampleApplication.create(site.cluster(), name, SAMPLE_ROWS);
    var numbers = made.vectors() ? "vectors of pgvector" : "arrays, for there is no pgvector";
    console.line("sample application in database " + name + "; embeddings are " + numbers);
  }

  /** Empty where the project's migrations are not, or do not begin with, the sample's. */
  private static Optional<Version> newestOfSample(Migrations files) {
    var packed = pgrunbook.rehearsal.Migrations.packed();
    var same =
        packed.stream()
            .allMatch(it ->
                files
                    .find(Version.of(Long.toString(it.version())))
                    .filter(file -> file.sql().equals(it.sql()))
                    .isPresent());
    return same
        ? Optional.of(Version.of(Long.toString(packed.getLast().version())))
        : Optional.empty();
  }

  private void stamp(Migrations files, Version version) throws InterruptedException {
    var settings = environment.migrations();
    var name = environment.database().name();
    var state = MigrationState.of(files, History.read(site.cluster(), name, settings));
    var rows = state.stamped(files, Optional.of(version));
    site.cluster()
        .write(
            name,
            connection -> {
              new HistoryTable(settings).replace(connection, rows);
              return List.of();
            });
    console.line("its history says that it is at " + version);
  }
}
