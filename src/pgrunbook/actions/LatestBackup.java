package pgrunbook.actions;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import pgrunbook.action.Target;
import pgrunbook.backup.BackupFolder;
import pgrunbook.backup.StoredBackup;
import pgrunbook.text.Problem;

/** Finds out which backup <code>latest</code> means. */
public final class LatestBackup {
  private LatestBackup() {}

  /**
   * The newest backup.
   *
   * @param why it was chosen, in a few words
   */
  record Choice(BackupPath backup, String why) {}

  static Optional<Choice> in(Target target) throws IOException {
    var all = new BackupFolder(target.backups()).backups();
    var mine = all.stream().filter(backup -> backup.mayBeOf(target.environment())).toList();
    var waysBack = mine.stream().filter(StoredBackup::isWayBack).count();
    return BackupFolder.latest(all, target.environment())
        .map(newest ->
            new Choice(
                BackupPath.of(target, newest.path()),
                "the newest of %d, by %s%s%s"
                    .formatted(
                        mine.size() - waysBack,
                        by(newest),
                        leftOut(waysBack, StoredBackup.waysBack()),
                        leftOut(all.size() - mine.size(), "of other environments"))));
  }

  /** A newer one than any that is there, which can't be used: nobody wants an older one unasked. */
  static Optional<Problem> lost(Target target) throws IOException {
    var newest = newest(target.backups(), target.environment());
    return BackupFolder.latest(new BackupFolder(target.backups()).lost(), target.environment())
        .filter(it -> newest.filter(good -> good.created().isAfter(it.created())).isEmpty())
        .map(it ->
            Problem.of(
                "the latest backup is "
                    + BackupPath.of(target, it.path()).shown()
                    + ", and it can't be used: "
                    + it.flaw().orElse("it is damaged"),
                newest.map(good -> "name another, such as " + good.name()).orElse("name another")
                    + "; where it was removed on purpose, remove its manifest, too"));
  }

  /** What to do where there is none: another environment's may be there, which nobody assumes. */
  static String none(Target target) throws IOException {
    var others = new BackupFolder(target.backups()).backups().reversed();
    return others.stream()
        .filter(it -> !it.isWayBack())
        .findFirst()
        .flatMap(it -> it.environment().map(whose -> it.name() + " is of " + whose))
        .map(what -> "take one, or name a file: " + what)
        .orElse(
            "take one, or name a file; a "
                + StoredBackup.waysBack()
                + " backup is never the latest");
  }

  /** The backup that it would mean today for an environment. */
  public static Optional<StoredBackup> newest(Path folder, String environment) throws IOException {
    return BackupFolder.latest(new BackupFolder(folder).backups(), environment);
  }

  private static String by(StoredBackup newest) {
    return newest.manifest().isPresent() ? "its manifest" : "the time of its file";
  }

  private static String leftOut(long count, String which) {
    return count == 0 ? "" : "; " + count + " " + which + " left out";
  }
}
