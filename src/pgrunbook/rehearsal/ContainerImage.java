package pgrunbook.rehearsal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import pgrunbook.compose.Docker;
import pgrunbook.postgres.Unreachable;
import pgrunbook.process.Deadline;
import pgrunbook.process.OutputSink;
import pgrunbook.text.Place;
import pgrunbook.text.Problem;
import pgrunbook.text.Refused;

/** What a container is made from. */
record ContainerImage(Docker docker, String name) {
  private static final Duration PULL = Duration.ofHours(1);
  private static final Duration ANSWER = Duration.ofSeconds(30);

  static Optional<Problem> missing(Docker docker) {
    try {
      docker.lines(docker.command(List.of("version", "--format", "{{.Server.Version}}")));
      return Optional.empty();
    } catch (Unreachable e) {
      var what = e.problem().what();
      return Optional.of(
          what.contains("cannot run 'docker'")
              ? Problem.of(
                  "there is no program 'docker' on this machine",
                  "install Docker: https://docs.docker.com/engine/install")
              : new Problem(Place.NONE, "Docker does not answer: " + what, e.problem().hint()));
    }
  }

  /**
   * Pulls it where this machine's engine does not have it.
   *
   * @throws Refused where it is nowhere
   */
  void provide(Consumer<String> progress) throws InterruptedException, IOException {
    if (against(List.of("image", "inspect", name), ANSWER).isEmpty()) {
      return;
    }
    progress.accept("pulling image " + name);
    var words = against(List.of("pull", "--quiet", name), PULL);
    if (!words.isEmpty()) {
      throw new Refused(
          "Docker has no image " + name + ", and can't pull it: " + String.join("\n", words),
          "name one that it has or can get: --container=IMAGE; 'docker images' lists what it has");
    }
  }

  /** What was said against it; nothing where it went well. */
  private List<String> against(List<String> arguments, Duration patience)
      throws InterruptedException, IOException {
    var said = new ArrayList<String>();
    var ended =
        docker
            .processes()
            .run(docker.command(arguments), OutputSink.none(), said::add, Deadline.in(patience));
    if (ended.succeeded()) {
      return List.of();
    }
    return ended.timedOut() || said.isEmpty() ? List.of(ended.why()) : said;
  }
}
