package pgrunbook.migration;

import java.util.Optional;
import pgrunbook.text.Place;
import pgrunbook.text.Problem;

/**
 * How long a statement may be that is carried out here. Flyway and the driver hold it several times
 * over: as it is read, as it is parsed, and as it is sent.
 *
 * @param bytes as Java holds its text
 */
public record FlywayRoom(long bytes) {
  /** Measured: with a heap of 96 MB a statement of 8 MB goes through, and one of 16 does not. */
  private static final int SHARE = 12;

  private static final long MEGABYTE = 1 << 20;

  /** That of this process. */
  public static FlywayRoom here() {
    return new FlywayRoom(Runtime.getRuntime().maxMemory() / SHARE);
  }

  /** What is said of a V file with a statement that is longer. */
  public Optional<Problem> problem(String folder, Migration migration, SqlFacts facts) {
    return problem(
        folder + "/" + migration.script(),
        facts.largest(),
        "cut it into several statements, such as INSERTs of a thousand rows each");
  }

  /** The same of a U file, which is carried out as one statement. */
  public Optional<Problem> problem(String folder, Migration.Undo undo) {
    return problem(
        folder + "/" + undo.script(),
        new StatementSize(1, undo.sql().bytes()),
        "make the file smaller");
  }

  private Optional<Problem> problem(String file, StatementSize size, String hint) {
    if (size.bytes() <= bytes) {
      return Optional.empty();
    }
    var what =
        "a statement of %d MB, which has to be read whole, and there is room for %d MB of it"
            .formatted(up(size.bytes()), bytes / MEGABYTE);
    var heap = up((size.bytes() + MEGABYTE) * SHARE * 11 / 10);
    var more =
        hint + ", or give Java more memory: -Xmx" + heap + "m in the launcher's JAVA_OPTIONS";
    return Optional.of(new Problem(new Place(file, size.line(), 1), what, Optional.of(more)));
  }

  private static long up(long bytes) {
    return (bytes + MEGABYTE - 1) / MEGABYTE;
  }
}
