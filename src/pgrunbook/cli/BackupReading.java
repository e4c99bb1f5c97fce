package pgrunbook.cli;

import java.util.List;
import java.util.Optional;
import pgrunbook.action.PgRestoreArchives;
import pgrunbook.action.Progress;
import pgrunbook.backup.ArchiveReader;
import pgrunbook.backup.Examiner;
import pgrunbook.backup.StoredBackup;
import pgrunbook.environment.Environment;
import pgrunbook.postgres.PostgresException;
import pgrunbook.postgres.Tools;
import pgrunbook.process.Children;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Refused;

/**
 * Reads backups from end to end without a server: archives by the machine's pg_restore, or where it
 * has none that is new enough, by the one in an environment's container.
 */
record BackupReading(Project project) {
  private static final String PROGRAM = "pg_restore";

  Shelf.Trust read(StoredBackup backup, List<Environment> environments, Progress progress) {
    var archives = archives(backup, environments);
    if (archives.isEmpty()) {
      return new Shelf.Trust.Unchecked(
          "could not be read: no pg_restore here or in a running container");
    }
    var read = Examiner.examine(backup.path(), archives.get(), progress::bytes);
    if (!read.isUsable()) {
      return new Shelf.Trust.Damaged(read.problems().getFirst().what());
    }
    return new Shelf.Trust.ReadNow(
        backup.manifest().isEmpty()
            ? Optional.of("no manifest to compare it with")
            : Optional.empty());
  }

  private Optional<ArchiveReader> archives(StoredBackup backup, List<Environment> environments) {
    var children = new Children();
    var local = Tools.find(System.getenv(), Optional.empty(), children);
    if (!backup.format().isArchive() || isNewEnough(local, backup)) {
      return Optional.of(new PgRestoreArchives(local, children));
    }
    return environments.stream()
        .flatMap(environment -> inContainer(environment).stream())
        .filter(tools -> isNewEnough(tools, backup))
        .findFirst()
        .or(() -> local.major(PROGRAM).map(_ -> local))
        .map(tools -> new PgRestoreArchives(tools, children));
  }

  private Optional<Tools> inContainer(Environment environment) {
    try {
      var compose = Reach.compose(environment, project);
      return compose.map(it -> Reach.of(environment, Optional.of(it)).tools().apply(0));
    } catch (Refused | InvalidInput | PostgresException _) {
      return Optional.empty(); // no Docker, or nothing of it runs
    }
  }

  private static boolean isNewEnough(Tools tools, StoredBackup backup) {
    try {
      var wrote = backup.manifest().map(known -> major(known.dumpVersion())).orElse(0);
      return tools.major(PROGRAM).filter(major -> major >= wrote).isPresent();
    } catch (Refused | PostgresException _) {
      return false;
    }
  }

  private static int major(String version) {
    var digits = version.strip().replaceFirst("\\D.*", "");
    return digits.isEmpty() ? 0 : Integer.parseInt(digits);
  }
}
