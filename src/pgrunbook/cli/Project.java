package pgrunbook.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import pgrunbook.engine.RunFolder;
import pgrunbook.environment.Environment;
import pgrunbook.environment.Environments;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;

/**
 * The folder that a command acts for: where runbooks, environments, backups and runs lie.
 *
 * @param secrets where those of every environment that is read become known
 */
record Project(Path folder, Secrets secrets) {
  private static final String RUNBOOKS = "runbooks";

  /**
   * The given folder, else the nearest folder above the current one that has runbooks.
   *
   * @throws InvalidInput where there is none
   */
  static Project find(Optional<Path> given, Secrets secrets) {
    if (given.isPresent()) {
      var folder = given.get().toAbsolutePath().normalize();
      if (!Files.isDirectory(folder.resolve(RUNBOOKS))) {
        throw new InvalidInput(
            Problem.of(
                folder + " has no folder 'runbooks'",
                "-C names a project folder, the one that holds 'runbooks'"));
      }
      return new Project(folder, secrets);
    }
    var current = Path.of("").toAbsolutePath();
    for (var folder = current; folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve(RUNBOOKS))) {
        return new Project(folder, secrets);
      }
    }
    throw new InvalidInput(
        Problem.of(
            "there is no folder 'runbooks' here or above " + current,
            "go into the project, or name it: -C DIR"));
  }

  /** The environment of that name, or nothing where there are problems; its secrets are known. */
  Optional<Environment> environment(String name, Problems problems) {
    return learned(Environments.read(folder, name, System.getenv(), problems));
  }

  /** The same from a file that may lie anywhere, such as the copy in a run's folder. */
  Optional<Environment> environmentIn(Path file, Problems problems) {
    return learned(Environments.readFile(file, folder, System.getenv(), problems));
  }

  private Optional<Environment> learned(Optional<Environment> read) {
    read.ifPresent(environment -> secrets.learn(environment, List.of()));
    return read;
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
