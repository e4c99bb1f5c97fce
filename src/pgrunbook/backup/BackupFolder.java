package pgrunbook.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;

/** A folder of backups, as it is now. */
public record BackupFolder(Path path) {
  /** What the name of an unfinished backup ends with. */
  public static final String PART = ".part";

  private static final Comparator<StoredBackup> AGE =
      Comparator.comparing(StoredBackup::created).thenComparing(StoredBackup::path);

  /** All backups, oldest first; none where there is no folder. */
  public List<StoredBackup> backups() throws IOException {
    var found = new ArrayList<StoredBackup>();
    for (var each : paths(BackupFolder::mayBeBackup)) {
      if (Formats.recognise(each) instanceof Recognised.Backup(_, var format)) {
        found.add(stored(each, format));
      }
    }
    return found.stream().sorted(AGE).toList();
  }

  /** What is no backup, and why; nothing says that it ever was one. */
  public List<Recognised.Unusable> unusable() throws IOException {
    return unusable(false);
  }

  private List<Recognised.Unusable> unusable(boolean withManifest) throws IOException {
    return paths(BackupFolder::mayBeBackup).stream()
        .map(Formats::recognise)
        .filter(Recognised.Unusable.class::isInstance)
        .map(Recognised.Unusable.class::cast)
        .filter(it -> Files.exists(Manifests.beside(it.path())) == withManifest)
        .toList();
  }

  /** Backups that were there, as a manifest says, and can't be used any more; each has its flaw. */
  public List<StoredBackup> lost() throws IOException {
    var found = new ArrayList<StoredBackup>();
    for (var each : unusable(true)) {
      found.add(lost(each.path(), each.problem().what()));
    }
    for (var manifest : paths(Manifests::isManifest)) {
      var backup = Manifests.backupOf(manifest);
      if (!Files.exists(backup) && !Files.exists(part(backup))) {
        found.add(lost(backup, "it is not there, and its manifest is"));
      }
    }
    return found.stream().sorted(AGE).toList();
  }

  private static StoredBackup lost(Path path, String why) throws IOException {
    var manifest = Manifests.read(Manifests.beside(path), new Problems());
    var created = manifest.map(Manifest::created);
    return new StoredBackup(
        path,
        manifest.map(Manifest::format).orElse(Format.PLAIN), // no matter, for nobody can read it
        manifest,
        created.isPresent() ? created.get() : modified(Manifests.beside(path)),
        Files.exists(path) ? size(path) : 0,
        Optional.of(why));
  }

  /** What a backup is called until it is whole, and while it is removed. */
  private static Path part(Path backup) {
    return backup.resolveSibling(backup.getFileName() + PART);
  }

  /** Backups that were never finished, or are being written. */
  public List<Path> unfinished() throws IOException {
    return paths(name -> name.endsWith(PART));
  }

  /** Names of what could be a backup. */
  public List<String> names() throws IOException {
    return paths(BackupFolder::mayBeBackup).stream()
        .map(found -> String.valueOf(found.getFileName()))
        .toList();
  }

  /**
   * Which one <code>latest</code> means for an environment: the newest that is no way back, and
   * that nothing says to be of another environment.
   */
  public static Optional<StoredBackup> latest(List<StoredBackup> backups, String environment) {
    return backups.stream()
        .filter(backup -> !backup.isWayBack() && backup.mayBeOf(environment))
        .max(AGE);
  }

  private static StoredBackup stored(Path path, Format format) throws IOException {
    var problems = new Problems();
    var manifest = Manifests.read(Manifests.beside(path), problems);
    return new StoredBackup(
        path,
        format,
        manifest,
        manifest.isPresent() ? manifest.get().created() : modified(path),
        size(path),
        problems.list().stream().findFirst().map(Problem::what));
  }

  private static Instant modified(Path path) throws IOException {
    return Files.getLastModifiedTime(path).toInstant();
  }

  private static long size(Path path) throws IOException {
    var size = 0L;
    for (var file : Examiner.files(path)) {
      size += Files.size(file);
    }
    return size;
  }

  private List<Path> paths(Predicate<String> named) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    try (var all = Files.list(path)) {
      return all.filter(each -> named.test(String.valueOf(each.getFileName()))).sorted().toList();
    }
  }

  private static boolean mayBeBackup(String name) {
    return !name.startsWith(".") && !name.endsWith(PART) && !Manifests.isManifest(name);
  }
}
