package pgrunbook.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

/**
 * Reads a whole backup before anything is touched: a listing proves nothing, and the programs that
 * restore call many damaged backups a success.
 */
public final class Examiner {
  private Examiner() {}

  /** Hears how far the reading is. */
  public interface Progress {
    Progress NONE = (_, _) -> {};

    /** In bytes; an archive counts twice: once to be hashed, once to be read by pg_restore. */
    void done(long bytes, long total);
  }

  /** Reads everything; whatever is wrong with it is in the examination's problems. */
  public static Examination examine(Path backup, ArchiveReader archives, Progress progress) {
    return new Reading(backup, archives, progress).examine();
  }

  /**
   * The digest that {@link Examination#digest()} gives, from the files as they are now; for the
   * comparison right before a restore.
   */
  public static String digest(Path backup) throws IOException {
    var hashes = new TreeMap<String, String>();
    for (var file : files(backup)) {
      hashes.put(String.valueOf(file.getFileName()), Digests.of(file, _ -> {}));
    }
    return Digests.combined(hashes);
  }

  /** The file itself, or the files of a directory, sorted. */
  static List<Path> files(Path backup) throws IOException {
    if (!Files.isDirectory(backup)) {
      return List.of(backup);
    }
    try (var members = Files.list(backup)) {
      return members.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
