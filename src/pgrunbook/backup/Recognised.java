package pgrunbook.backup;

import java.nio.file.Path;
import pgrunbook.text.Problem;

/** What a path turned out to be: a backup of some format, or something that cannot be used. */
public sealed interface Recognised {
  Path path();

  /** It looks like a backup of this format; its content has not been read yet. */
  record Backup(Path path, Format format) implements Recognised {}

  /** It is no backup that can be restored, and why. */
  record Unusable(Path path, Problem problem) implements Recognised {}
}
