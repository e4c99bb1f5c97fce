package pgrunbook.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** <code>-C DIR</code>, which every command takes. */
final class ProjectOption {
  @Option(
      names = "-C",
      paramLabel = "DIR",
      description = "act as if started in this project folder")
  Optional<Path> folder = Optional.empty();

  Project find() {
    return Project.find(folder);
  }
}
