package pgrunbook.compose;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import pgrunbook.postgres.Relay;
import pgrunbook.process.ChildPipe;

/**
 * The road into a container: a small program inside it that carries bytes between its standard
 * streams and the server's port on 127.0.0.1. So it makes no difference whether the port is
 * published, or where the engine runs.
 *
 * @param port of the server, inside the container
 */
public record ContainerRelay(Inside inside, Docker docker, int port) implements Relay {
  private static final String SCRIPT = resource("relay.sh");

  /**
   * The container is looked up each time, so one that was made anew is found. <code>docker exec
   * </code> takes half the time of <code>docker compose exec</code>.
   */
  @Override
  public ChildPipe open() throws IOException {
    var container = inside.container().id();
    var command =
        List.of("exec", "-i", container, "sh", "-c", SCRIPT, "relay", Integer.toString(port));
    return docker.processes().connect(docker.command(command));
  }

  private static String resource(String name) {
    try (var in = Objects.requireNonNull(ContainerRelay.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
