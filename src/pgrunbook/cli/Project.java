package pgrunbook.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import pgrunbook.engine.RunFolder;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Problem;

/** The folder that a command acts for: where runbooks, environments, backups and runs lie. */
record Project(Path folder) {
  private static final String RUNBOOKS = "runbooks";

  /**
   * The given folder, else the nearest folder above the current one that has runbooks.
   *
   * @throws InvalidInput where there is none
   */
  static Project find(Optional<Path> given) {
    if (given.isPresent()) {
      var folder = given.get().toAbsolutePath().normalize();
      if (!Files.isDirectory(folder.resolve(RUNBOOKS))) {
        throw new InvalidInput(
            Problem.of(
                folder + " has no folder 'runbooks'",
                "-C names a project folder, the one that holds 'runbooks'"));
      }
      return new Project(folder);
    }
    var current = Path.of("").toAbsolutePath();
    for (var folder = current; folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve(RUNBOOKS))) {
        return new Project(folder);
      }
    }
    throw new InvalidInput(
        Problem.of(
            "there is no folder 'runbooks' here or above " + current,
            "go into the project, or name it: -C DIR"));
  }

  Path runs() {
    return RunFolder.runs(folder);
  }

  Path rehearsals() {
    return folder.resolve(".pgrunbook").resolve("rehearsals");
  }

  /** A path from the command line, as if started in this folder. */
  Path resolve(Path path) {
    return folder.resolve(path).normalize();
  }
}
