package pgrunbook.backup;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What was known when a backup was written; it lies beside the backup as JSON.
 *
 * @param version of the manifest's own layout
 * @param created when the backup's snapshot was taken
 * @param label what it was made for, <code>pre-restore</code>
 * @param environment that it is of; older manifests don't say
 * @param dumpVersion of the pg_dump that wrote it
 * @param toolVersion of pgrunbook
 */
public record Manifest(
    int version,
    Instant created,
    String label,
    Optional<String> environment,
    Format format,
    List<BackupFile> files,
    String dumpVersion,
    String toolVersion,
    SourceDatabase source,
    Optional<Fingerprint> fingerprint) {
  /** The layout that this code writes, and the newest that it reads. */
  public static final int CURRENT = 1;

  public Manifest {
    files = List.copyOf(files);
  }
}
