package pgrunbook.migration;

import java.util.Optional;

/**
 * One step of a schema: a V file, and the U file that takes it back.
 *
 * @param script the V file's name
 * @param checksum as Flyway computes it and the history keeps it
 * @param settings what lies beside it in a file <code>….sql.conf</code> for Flyway
 */
public record Migration(
    Version version,
    String description,
    String script,
    String sql,
    int checksum,
    Optional<String> settings,
    Optional<Undo> undo) {

  /**
   * What takes a migration back.
   *
   * @param script the U file's name
   */
  public record Undo(String script, String sql) {}

  /** Version and checksum, by which two environments agree that they speak of the same file. */
  public String identity() {
    return version + ":" + checksum;
  }

  /** Such as <code>202601151200 users</code>. */
  public String shown() {
    return version + " " + description;
  }
}
