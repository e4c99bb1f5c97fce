package pgrunbook.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import pgrunbook.action.Progress;
import pgrunbook.backup.BackupFolder;
import pgrunbook.backup.Recognised;
import pgrunbook.backup.StoredBackup;
import pgrunbook.environment.Environment;

/**
 * A folder of backups, and the environments that share it.
 *
 * @param only whose backups are meant; nothing means all
 */
record Shelf(Path folder, List<Environment> environments, Optional<String> only) {

  /** What is known about one backup. */
  sealed interface Trust {
    /** It was read just now and is good; a note says what could not be compared. */
    record ReadNow(Optional<String> note) implements Trust {}

    /** It was read back when it was made, and its files have the size that they had. */
    record ReadThen() implements Trust {}

    /** Nobody has ever checked it here. */
    record Never(String why) implements Trust {}

    /** It is not what it was. */
    record Damaged(String why) implements Trust {}

    /** It could not be read now, which says nothing about it. */
    record Unchecked(String why) implements Trust {}
  }

  /**
   * A backup as it is shown.
   *
   * @param latestOf the environments that mean it by <code>latest</code>
   */
  record Shown(StoredBackup backup, Duration age, Trust trust, List<String> latestOf) {
    boolean isBad() {
      return trust instanceof Trust.Damaged || trust instanceof Trust.Unchecked;
    }
  }

  /** What was found. */
  record Looked(
      Shelf shelf,
      List<Shown> backups,
      List<Recognised.Unusable> unusable,
      List<Path> unfinished,
      int ofOthers) {
    boolean isBad() {
      return backups.stream().anyMatch(Shown::isBad);
    }
  }

  /** The folders of those environments, each once. */
  static List<Shelf> of(List<Environment> environments, Optional<String> only) {
    var byFolder = new LinkedHashMap<Path, List<Environment>>();
    for (var each : environments) {
      byFolder.computeIfAbsent(each.backups().dir(), _ -> new ArrayList<>()).add(each);
    }
    return byFolder.entrySet().stream()
        .map(shelf -> new Shelf(shelf.getKey(), List.copyOf(shelf.getValue()), only))
        .toList();
  }

  Looked look(Optional<BackupReading> reading, Progress progress, Instant now) throws IOException {
    var files = new BackupFolder(folder);
    var whole = files.backups();
    var all = Stream.concat(whole.stream(), files.lost().stream()).toList();
    var shown = new ArrayList<Shown>();
    for (var backup : all) {
      if (only.filter(name -> !backup.mayBeOf(name)).isEmpty()) {
        progress.doing("reading " + backup.name());
        var trust =
            reading
                .filter(_ -> whole.contains(backup))
                .map(it -> it.read(backup, progress))
                .orElseGet(() -> as(backup));
        shown.add(
            new Shown(backup, Duration.between(backup.created(), now), trust, latest(backup, all)));
      }
    }
    return new Looked(this, shown, files.unusable(), files.unfinished(), all.size() - shown.size());
  }

  private List<String> latest(StoredBackup backup, List<StoredBackup> all) {
    return environments.stream()
        .map(Environment::name)
        .filter(name -> BackupFolder.latest(all, name).filter(backup::equals).isPresent())
        .toList();
  }

  private static Trust as(StoredBackup backup) {
    var doubt = backup.doubt();
    if (doubt.isEmpty()) {
      return new Trust.ReadThen();
    }
    return backup.manifest().isEmpty() && backup.flaw().isEmpty()
        ? new Trust.Never(doubt.get())
        : new Trust.Damaged(doubt.get());
  }
}
