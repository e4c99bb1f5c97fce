package pgrunbook.actions;

import pgrunbook.action.StepFailed;
import pgrunbook.migration.Migrations;
import pgrunbook.migration.Version;

/** The files that a plan was made for, among those that there are now. */
record PlannedFiles(FlywayMigrate.Intent intent, MigrationLook seen) {
  /** What Flyway gets: nothing that the plan has not shown. */
  Migrations planned() {
    return seen.files()
        .only(it ->
            seen.state().row(it.version()).isPresent()
                || intent.migrations().contains(it.identity()));
  }

  /** Where a file was changed, or one was added among them, since the plan was made. */
  void refuseOthers() throws StepFailed {
    var now = MigrationLook.identities(seen.files().all());
    for (var wanted : intent.migrations()) {
      if (!now.contains(wanted)) {
        throw new StepFailed(
            "the file of version "
                + version(wanted)
                + " is not any more what the plan was made for",
            "what was applied stays: 'abandon' this run, and run again with the new file");
      }
    }
    var newest = Version.parse(intent.newest());
    for (var file : seen.state().pending()) {
      var within = newest.filter(it -> file.version().compareTo(it) <= 0).isPresent();
      if (within && !intent.migrations().contains(file.identity())) {
        throw new StepFailed(
            file.script() + " was added since the plan was made",
            "what was applied stays: 'abandon' this run, and run again with the new file");
      }
    }
  }

  static Version version(String identity) {
    return Version.of(identity.substring(0, identity.indexOf(':')));
  }
}
