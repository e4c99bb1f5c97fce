package pgrunbook.diagnosis;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import pgrunbook.compose.ComposeProject;
import pgrunbook.diagnosis.Finding.CouldNotCheck;
import pgrunbook.diagnosis.Finding.Fine;
import pgrunbook.diagnosis.Finding.Trouble;
import pgrunbook.postgres.Identifiers;
import pgrunbook.text.Bytes;

/**
 * What the disk has left that the server writes to. In a container df tells; where its process is
 * one of this machine's, the folder's own disk does; else a connection can't tell.
 */
record ServerDisk(Patient patient) implements Check {
  private static final Duration PATIENCE = Duration.ofSeconds(8);
  private static final double FULL = 0.05;

  @Override
  public String about() {
    return "free space of the server's own disk";
  }

  @Override
  public List<Finding> look(Connection connection) throws SQLException {
    return List.of(
        patient.compose().isPresent()
            ? inContainer(patient.compose().get())
            : onMachine(connection));
  }

  private Finding inContainer(ComposeProject project) {
    var script = "df -Pk \"${PGDATA:-/var/lib/postgresql/data}\"";
    try {
      var command = project.postgres().exec(List.of("sh", "-c", script));
      var lines = Within.run(PATIENCE, () -> project.docker().lines(command));
      var fields = lines.getLast().strip().split("\\s+", -1);
      // POSIX: Filesystem 1024-blocks Used Available Capacity Mounted-on
      var from = fields.length - 6;
      return judged(Long.parseLong(fields[from + 3]) << 10, Long.parseLong(fields[from + 1]) << 10);
    } catch (TimeoutException _) {
      return new CouldNotCheck(about(), "df has not answered in the container");
    } catch (RuntimeException e) {
      return new CouldNotCheck(
          about(),
          "df in the container: " + Optional.ofNullable(e.getCause()).orElse(e).getMessage());
    }
  }

  private Finding onMachine(Connection connection) throws SQLException {
    var server = ServerProcess.of(connection);
    if (!server.isHere()) {
      return new CouldNotCheck(
          about(),
          "no process that this user sees here answers at "
              + patient.environment().database().host()
              + ": it is on another machine, behind a tunnel or in a container; there: df -h"
              + server.folder().map(it -> " " + it).orElse(""));
    }
    var path = server.folder();
    if (path.isEmpty()) {
      return new CouldNotCheck(
          about(),
          "role "
              + patient.user()
              + " may not see where it is; as a superuser: GRANT pg_read_all_settings TO "
              + Identifiers.quote(patient.user()));
    }
    try {
      var store = Files.getFileStore(path.get());
      return judged(store.getUsableSpace(), store.getTotalSpace());
    } catch (IOException _) {
      return new CouldNotCheck(about(), path.get() + " is not open to this user; try: df -h");
    }
  }

  private static Finding judged(long free, long total) {
    var what = "the server's disk has " + Bytes.shown(free) + " free of " + Bytes.shown(total);
    return free > total * FULL
        ? new Fine(what)
        : new Trouble(what, "free some space, or give it a larger disk; first: df -h");
  }
}
