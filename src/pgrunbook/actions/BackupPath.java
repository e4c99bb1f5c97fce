package pgrunbook.actions;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import pgrunbook.action.Target;
import pgrunbook.backup.Manifests;
import pgrunbook.expression.Late;

/**
 * Where a backup lies, and the one text by which plans, claims and outputs name it.
 *
 * @param shown relative to the project folder where it lies inside, else absolute
 */
record BackupPath(Path path, String shown) {

  static BackupPath of(Target target, Path path) {
    var project = target.project().toAbsolutePath().normalize();
    var whole = project.resolve(path).normalize();
    var inside = whole.startsWith(project) && !whole.equals(project);
    return new BackupPath(whole, (inside ? project.relativize(whole) : whole).toString());
  }

  /**
   * As somebody wrote it: from the project folder, else, where nothing is there, in the backups.
   */
  static BackupPath find(Target target, String written) {
    var fromProject = of(target, Path.of(written));
    var inBackups = of(target, target.backups().resolve(written));
    return !fromProject.exists() && inBackups.exists() ? inBackups : fromProject;
  }

  /** The text for claims: the same however a known path was written. */
  static String shown(Target target, Late<String> backup) {
    return switch (backup) {
      case Late.Known<String>(var written) -> find(target, written).shown();
      case Late.Pending<String>(var shown, var _) -> shown;
    };
  }

  boolean exists() {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  Path manifest() {
    return Manifests.beside(path);
  }
}
