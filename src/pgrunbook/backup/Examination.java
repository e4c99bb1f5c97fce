package pgrunbook.backup;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import pgrunbook.text.Problem;

/**
 * Everything that reading a whole backup told.
 *
 * @param format empty where it is no backup at all; then there is a problem too
 * @param size of all its files, in bytes
 * @param sha256 per file, by its name inside the directory, or the file's own name
 * @param contents nothing, where the files were damaged so that their SQL could not be read
 * @param created when it was made, as far as is known
 * @param problems any of these means: do not restore it
 * @param notes what an operator should know, and what could not be checked
 */
public record Examination(
    Path path,
    Optional<Format> format,
    long size,
    SortedMap<String, String> sha256,
    DumpContents contents,
    Optional<Manifest> manifest,
    Instant created,
    CreatedFrom createdFrom,
    List<Problem> problems,
    List<String> notes) {
  /** Where the time of a backup was found. */
  public enum CreatedFrom {
    MANIFEST("manifest"),
    ARCHIVE("archive header, local time of the machine that made it"),
    FILE_TIME("time of the file");

    private final String shown;

    CreatedFrom(String shown) {
      this.shown = shown;
    }

    public String shown() {
      return shown;
    }
  }

  public Examination {
    sha256 = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, String>) sha256));
    problems = List.copyOf(problems);
    notes = List.copyOf(notes);
  }

  public boolean isUsable() {
    return problems.isEmpty();
  }

  /** One SHA-256 for the whole backup: the file's own, or that of the list of a directory's. */
  public String digest() {
    return Digests.combined(sha256);
  }
}
