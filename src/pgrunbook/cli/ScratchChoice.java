package pgrunbook.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import pgrunbook.backup.Manifests;
import pgrunbook.compose.ComposeProject;
import pgrunbook.compose.Docker;
import pgrunbook.environment.Environment;
import pgrunbook.postgres.Tools;
import pgrunbook.process.Processes;
import pgrunbook.rehearsal.ScratchCluster;
import pgrunbook.rehearsal.ScratchContainer;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;
import pgrunbook.text.Refused;

/**
 * What a rehearsal's server is made of: this machine's programs, or a container.
 *
 * @param tools the programs of this machine
 * @param environment whose PostgreSQL is rehearsed for
 * @param backups what is going to be restored there
 * @param says told what was decided where nobody has asked for it
 */
record ScratchChoice(
    Tools tools,
    Docker docker,
    Project project,
    String environment,
    List<Path> backups,
    Consumer<String> says) {
  private static final String DEFAULT_IMAGE = "postgres:17";

  /** What was chosen. */
  sealed interface Chosen {
    /** A cluster of those programs. */
    record Programs(Tools tools) implements Chosen {}

    /** A container of that image. */
    record Image(String name) implements Chosen {}
  }

  /** The programs of this machine, those that belong to its server. */
  static Tools programs(Processes processes) {
    var any = Tools.find(System.getenv(), Optional.empty(), processes);
    return any.major("postgres")
        .map(major -> Tools.find(System.getenv(), Optional.of(major), processes))
        .orElse(any);
  }

  /**
   * Decides.
   *
   * @param asked an image; an empty text leaves it to this; nothing means whatever there is
   * @throws Refused where what is needed is not there
   */
  Chosen choose(Optional<String> asked) {
    if (asked.isPresent()) {
      ScratchContainer.missing(docker)
          .ifPresent(problem -> {
            throw new Refused(List.of(problem));
          });
      return new Chosen.Image(asked.filter(name -> !name.isEmpty()).orElseGet(this::image));
    }
    var noPrograms = ScratchCluster.missing(tools);
    var tooOld = tooOld();
    if (noPrograms.isEmpty() && tooOld.isEmpty()) {
      return new Chosen.Programs(tools);
    }
    var noDocker = ScratchContainer.missing(docker);
    if (noPrograms.isEmpty()) {
      // a plain dump may do: the restore tells
      says.accept(tooOld.get() + noDocker.map(it -> "; " + it.what()).orElse(": in a container"));
      return noDocker.isPresent() ? new Chosen.Programs(tools) : new Chosen.Image(image());
    }
    if (noDocker.isPresent()) {
      throw new Refused(
          List.of(
              after("a rehearsal needs PostgreSQL's programs or Docker: ", noPrograms.get()),
              noDocker.get()));
    }
    says.accept("rehearsing in a container: " + noPrograms.get().what());
    return new Chosen.Image(image());
  }

  /** Archives are read by no older pg_restore; what a manifest does not tell is tried. */
  private Optional<String> tooOld() {
    var here = tools.major("postgres").orElse(Integer.MAX_VALUE);
    return backups.stream()
        .flatMap(it -> Manifests.read(Manifests.beside(it), new Problems()).stream())
        .map(it -> it.source().serverVersion())
        .filter(version -> Integer.parseInt("0" + version.replaceFirst("\\D.*", "")) > here)
        .findFirst()
        .map(version ->
            "this machine's PostgreSQL is %d, the backup is of %s"
                .formatted(here, version.replaceFirst(" .*", "")));
  }

  private static Problem after(String start, Problem problem) {
    return new Problem(problem.at(), start + problem.what(), problem.hint());
  }

  /** The one of the environment's own PostgreSQL, where that is known. */
  private String image() {
    try {
      var problems = new Problems();
      var read = project.environment(environment, problems);
      problems.throwIfAny();
      return image(read.orElseThrow());
    } catch (Refused e) {
      return instead(e.problems());
    } catch (InvalidInput e) {
      return instead(e.problems());
    }
  }

  private String image(Environment read) {
    var settings = read.compose();
    if (settings.isEmpty()) {
      return instead("environment " + environment + " has no Compose project");
    }
    var compose = ComposeProject.open(settings.get(), read, project.folder(), docker.processes());
    return compose
        .image(compose.postgresService())
        .orElseGet(() ->
            instead("service " + compose.postgresService() + " is built, and names no image"));
  }

  private String instead(List<Problem> problems) {
    return instead(problems.getFirst().what());
  }

  private String instead(String why) {
    says.accept("taking image " + DEFAULT_IMAGE + ", --container=IMAGE takes another: " + why);
    return DEFAULT_IMAGE;
  }
}
