package pgrunbook.migration;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A row of the history table, as Flyway writes it.
 *
 * @param version empty for rows that are about no version, such as Flyway's own about a schema
 * @param type SQL for a file; BASELINE, SCHEMA, UNDO_SQL, DELETE and others are Flyway's
 * @param checksum empty where Flyway keeps none
 * @param transaction the number of the one that wrote it, and what its file did; empty where that
 *     can't be told
 */
public record HistoryRow(
    int rank,
    Optional<Version> version,
    String description,
    String type,
    String script,
    Optional<Integer> checksum,
    String installedBy,
    Instant installedOn,
    int millis,
    boolean success,
    Optional<String> transaction) {
  private static final String SQL = "SQL";

  /**
   * What stands before the name of whoever said that a migration is applied, without it running.
   */
  static final String STAMPED = "stamped by ";

  /** Such as <code>row 3 (202601151200 users)</code>. */
  public String shown() {
    return "row " + rank + " (" + version.map(it -> it + " ").orElse("") + description + ")";
  }

  /**
   * What rows say, without who wrote them and when; with the names, for all that a stamp mends may
   * be a file's name.
   */
  public static String identities(List<HistoryRow> rows) {
    return rows.stream().map(HistoryRow::identity).collect(Collectors.joining(" "));
  }

  private String identity() {
    return String.join(
        ":",
        version.map(Version::toString).orElse(""),
        Integer.toString(checksum.orElse(0)),
        Boolean.toString(success),
        type,
        description,
        script);
  }

  /**
   * The row of a file that somebody says is applied; who and when is filled in when it is written.
   */
  static HistoryRow stamped(Migration file) {
    return new HistoryRow(
        0,
        Optional.of(file.version()),
        file.description(),
        SQL,
        file.script(),
        Optional.of(file.checksum()),
        "",
        Instant.EPOCH,
        0,
        true,
        Optional.empty());
  }

  /** Whether it was never written. */
  boolean isNew() {
    return rank == 0;
  }

  /** Whether somebody has said so, and this program has not seen it applied. */
  public boolean isStamped() {
    return installedBy.startsWith(STAMPED);
  }

  /** Whether it was written when its file ran, and ran to its end. */
  public boolean hasRun() {
    return success && type.equals(SQL) && !isStamped();
  }

  /** Whether Flyway takes it for that file's, the checksum aside. */
  boolean isNamedAs(Migration file) {
    return type.equals(SQL) && description.equals(file.description());
  }

  boolean isBaseline() {
    return type.equals("BASELINE");
  }

  /** Says that an earlier row of its version holds no more. */
  boolean takesBack() {
    return type.equals("UNDO_SQL") || type.equals("DELETE");
  }
}
