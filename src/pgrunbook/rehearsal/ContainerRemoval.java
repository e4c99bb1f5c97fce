package pgrunbook.rehearsal;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import pgrunbook.compose.Docker;
import pgrunbook.process.Deadline;
import pgrunbook.process.OutputSink;

/** Ends a container with everything that only it has. */
final class ContainerRemoval {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private ContainerRemoval() {}

  /**
   * Comes back when it is gone.
   *
   * @throws IOException where it is not, or nobody can tell
   */
  static void remove(Docker docker, String name) throws IOException, InterruptedException {
    var command = docker.command(List.of("rm", "--force", "--volumes", name));
    var ended =
        docker
            .processes()
            .run(command, OutputSink.none(), OutputSink.none(), Deadline.in(PATIENCE));
    // versions differ about the exit code where there was none
    var filter = List.of("ps", "--all", "--quiet", "--filter", "name=^/?" + name + "$");
    if (!docker.lines(docker.command(filter)).isEmpty()) {
      throw new IOException("'docker rm " + name + "': " + ended.why());
    }
  }
}
