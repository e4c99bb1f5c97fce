package pgrunbook.actions;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import pgrunbook.action.Look;
import pgrunbook.backup.BackupFolder;
import pgrunbook.backup.Manifests;
import pgrunbook.backup.StoredBackup;

/** How backups are called: <code>DATABASE-ENVIRONMENT-TIME[-LABEL].EXTENSION</code>, in UTC. */
final class BackupNames {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private BackupNames() {}

  /** A name that nothing has yet. */
  static Path free(PostgresBackup.Input in, Look look, String database) {
    var time = TIME.format(Instant.now());
    var path = of(in, look, database, time);
    for (var again = 2; isTaken(path); again++) {
      path = of(in, look, database, time + "-" + again);
    }
    return path;
  }

  private static boolean isTaken(Path path) {
    return Files.exists(path)
        || Files.exists(Manifests.beside(path))
        || Files.exists(path.resolveSibling(path.getFileName() + BackupFolder.PART));
  }

  /** The name of a backup of that time, in the backups folder. */
  static Path of(PostgresBackup.Input in, Look look, String database, String time) {
    var safe = StoredBackup.databaseInName(database);
    var environment = StoredBackup.inName(look.target().environment());
    var label = in.label().map(text -> "-" + text).orElse("");
    var name = safe + "-" + environment + "-" + time + label + in.format().extension();
    return look.target().backups().resolve(name);
  }
}
