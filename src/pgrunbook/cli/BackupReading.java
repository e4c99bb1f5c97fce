package pgrunbook.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;
import pgrunbook.action.PgRestoreArchives;
import pgrunbook.action.Progress;
import pgrunbook.backup.ArchiveReader;
import pgrunbook.backup.Examiner;
import pgrunbook.backup.StoredBackup;
import pgrunbook.environment.Environments;
import pgrunbook.postgres.PostgresException;
import pgrunbook.postgres.Tools;
import pgrunbook.process.Children;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Problems;
import pgrunbook.text.Refused;

/**
 * Reads backups from end to end without a server: archives by the machine's pg_restore, or where it
 * has none that is new enough, by the one in an environment's container.
 */
record BackupReading(Project project) {
  private static final String PROGRAM = "pg_restore";
  private static final String TOO_NEW = "unsupported version";

  Shelf.Trust read(StoredBackup backup, Progress progress) {
    var archives = archives(backup);
    if (archives.isEmpty()) {
      return new Shelf.Trust.Unchecked(
          "could not be read: no pg_restore that knows its version, here or in a running container");
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

  private Optional<ArchiveReader> archives(StoredBackup backup) {
    var children = new Children();
    var local = Tools.find(System.getenv(), Optional.empty(), children);
    if (!backup.format().isArchive()) {
      return Optional.of(new PgRestoreArchives(local, children));
    }
    var others =
        Environments.list(project.folder()).stream().flatMap(name -> inContainer(name).stream());
    return Stream.concat(Stream.of(local), others)
        .filter(BackupReading::isThere)
        .<ArchiveReader>map(tools -> new PgRestoreArchives(tools, children))
        .filter(archives -> knows(archives, backup))
        .findFirst();
  }

  private Optional<Tools> inContainer(String name) {
    try {
      var read =
          project
              .environment(name, new Problems())
              .filter(environment -> environment.compose().isPresent());
      return read.map(it -> Reach.of(it, Reach.compose(it, project)).tools().apply(0));
    } catch (Refused | InvalidInput | PostgresException _) {
      return Optional.empty(); // no Docker, or nothing of it runs
    }
  }

  private static boolean isThere(Tools tools) {
    try {
      return tools.major(PROGRAM).isPresent();
    } catch (Refused | PostgresException _) {
      return false;
    }
  }

  /** What is damaged is known to all of them; only its version may be too new for one. */
  private static boolean knows(ArchiveReader archives, StoredBackup backup) {
    try {
      archives.tableOfContents(backup.path());
      return true;
    } catch (IOException e) {
      return !String.valueOf(e.getMessage()).contains(TOO_NEW);
    }
  }
}
