package pgrunbook.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import pgrunbook.process.Deadline;
import pgrunbook.text.Problem;

/**
 * A maintenance mode that is on while a file exists; the file says who switched it on, and when.
 */
public final class FlagFileMaintenance implements Maintenance {
  private final Path file;

  public FlagFileMaintenance(Path file) {
    this.file = file;
  }

  @Override
  public MaintenanceState state() {
    if (Files.isDirectory(file)) {
      return new MaintenanceState.Unknown("the maintenance flag " + file + " is a folder");
    }
    if (Files.exists(file)) {
      return new MaintenanceState.On();
    }
    return Files.notExists(file)
        ? new MaintenanceState.Off()
        : new MaintenanceState.Unknown("cannot see whether " + file + " exists");
  }

  @Override
  public String shown(boolean on) {
    return (on ? "create " : "delete ") + file;
  }

  @Override
  public Optional<Problem> obstacle() {
    var folder = file.toAbsolutePath().getParent();
    if (folder == null || Files.isWritable(folder)) {
      return Optional.empty();
    }
    return Optional.of(
        Files.isDirectory(folder)
            ? Problem.of(
                "the maintenance flag " + file + " can't be written",
                "check owner and permissions of its folder, and whether its disk is read-only")
            : Problem.of(
                "the maintenance flag " + file + " has no folder", "make the folder " + folder));
  }

  @Override
  public boolean simulated() {
    return false;
  }

  /** A file that is there already is left as it is: it may say who was first. */
  @Override
  public void on(String run, Deadline deadline) throws ServiceFailed {
    if (Files.exists(file)) {
      return;
    }
    var now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    try {
      SafeFile.write(
          file, "maintenance, switched on by pgrunbook run " + run + " at " + now + "\n");
    } catch (IOException e) {
      throw failed("create", e);
    }
  }

  @Override
  public void off(Deadline deadline) throws ServiceFailed {
    try {
      SafeFile.delete(file);
    } catch (IOException e) {
      throw failed("delete", e);
    }
  }

  private ServiceFailed failed(String verb, IOException e) {
    return new ServiceFailed(
        "cannot " + verb + " the maintenance flag " + file + ": " + e,
        "does its folder exist, and may this user write to it?");
  }
}
