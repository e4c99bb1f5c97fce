package pgrunbook.compose;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import pgrunbook.postgres.DiskSpace;
import pgrunbook.postgres.Unreachable;

/** The disk under PostgreSQL's data in a container; df tells. */
public final class ContainerDisk {
  private static final String SCRIPT = "df -Pk \"${1:-${PGDATA:-/var/lib/postgresql/data}}\"";

  private ContainerDisk() {}

  /**
   * What it has left.
   *
   * @param folder of a tablespace in there; that of all the server's data where it is empty
   */
  public static DiskSpace of(Inside inside, Docker docker, Optional<Path> folder) {
    var path = folder.map(Path::toString).orElse("");
    try {
      var lines = docker.lines(inside.exec(List.of("sh", "-c", SCRIPT, "df", path)));
      var fields = lines.getLast().strip().split("\\s+", -1);
      // POSIX: Filesystem 1024-blocks Used Available Capacity Mounted-on
      var from = fields.length - 6;
      return new DiskSpace.Known(
          Long.parseLong(fields[from + 3]) << 10, Long.parseLong(fields[from + 1]) << 10);
    } catch (Unreachable e) {
      return new DiskSpace.Unknown("df in the container: " + e.problem().what());
    } catch (RuntimeException e) { // other words than POSIX has
      return new DiskSpace.Unknown("df in the container: " + e.getMessage());
    }
  }
}
