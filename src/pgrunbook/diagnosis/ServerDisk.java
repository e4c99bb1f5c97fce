package pgrunbook.diagnosis;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import pgrunbook.compose.ContainerDisk;
import pgrunbook.diagnosis.Finding.CouldNotCheck;
import pgrunbook.diagnosis.Finding.Fine;
import pgrunbook.diagnosis.Finding.Trouble;
import pgrunbook.postgres.DiskSpace;
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
        switch (space(connection)) {
          case DiskSpace.Known(var free, var total) -> judged(free, total);
          case DiskSpace.Unknown(var why) -> new CouldNotCheck(about(), why);
        });
  }

  private DiskSpace space(Connection connection) throws SQLException {
    if (patient.compose().isEmpty()) {
      var host = patient.environment().database().host();
      return DiskSpace.onMachine(connection, host, patient.user(), Optional.empty());
    }
    var project = patient.compose().get();
    try {
      return Within.run(
          PATIENCE, () -> ContainerDisk.of(project.postgres(), project.docker(), Optional.empty()));
    } catch (TimeoutException _) {
      return new DiskSpace.Unknown("df has not answered in the container");
    }
  }

  private static Finding judged(long free, long total) {
    var what = "the server's disk has " + Bytes.shown(free) + " free of " + Bytes.shown(total);
    return free > total * FULL
        ? new Fine(what)
        : new Trouble(what, "free some space, or give it a larger disk; first: df -h");
  }
}
