package pgrunbook.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import pgrunbook.compose.Docker;
import pgrunbook.process.Children;
import pgrunbook.rehearsal.Scratch;
import pgrunbook.rehearsal.ScratchCluster;
import pgrunbook.rehearsal.ScratchContainer;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Problem;

/**
 * Makes a scratch server, and takes away those whose makers did not come to that.
 *
 * @param says told what was decided where nobody has asked for it
 */
record ScratchStart(Project project, Consumer<String> says) {
  /**
   * Makes it.
   *
   * @param environment whose PostgreSQL it stands for
   * @param container an image; an empty text means that of the environment
   * @param files that it has to see
   */
  Scratch start(String environment, Optional<String> container, List<Path> files)
      throws IOException, InterruptedException {
    var children = new Children();
    var docker = new Docker(children, project.folder());
    var programs = ScratchChoice.programs(children);
    var chosen =
        new ScratchChoice(programs, docker, project, environment, files, says).choose(container);
    var temporary = ScratchCluster.temporary();
    removeStale(children, docker, temporary, chosen);
    return switch (chosen) {
      case ScratchChoice.Chosen.Programs(var tools) ->
          ScratchCluster.start(tools, children, temporary);
      case ScratchChoice.Chosen.Image(var image) ->
          ScratchContainer.start(docker, image, files, temporary, says);
    };
  }

  /** Docker is only asked where there is reason to: not every machine has it. */
  private static void removeStale(
      Children children, Docker docker, Path temporary, ScratchChoice.Chosen chosen)
      throws IOException, InterruptedException {
    var folders = ScratchCluster.removeStale(children, temporary);
    if (!folders.isEmpty() || chosen instanceof ScratchChoice.Chosen.Image) {
      ScratchContainer.removeStale(docker);
    }
  }

  /** Whether what was given can be an image. */
  static void checkImage(Optional<String> container) {
    if (container.filter(image -> image.matches("[^a-zA-Z0-9].*|.*\\s.*")).isPresent()) {
      throw new InvalidInput(
          Problem.of(
              "'" + container.get() + "' is no name of an image",
              "such as --container=postgres:17, or --container alone"));
    }
  }
}
