package pgrunbook.compose;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import pgrunbook.postgres.DiskSpace;
import pgrunbook.postgres.Relay;
import pgrunbook.process.ChildPipe;

/**
 * The road into a container: a small program inside it that carries bytes between its standard
 * streams and the server's port on 127.0.0.1. So it makes no difference whether the port is
 * published, or where the engine runs.
 */
public final class ContainerRelay implements Relay {
  private static final String SCRIPT = resource("relay.sh");
  private static final Duration REMEMBERED = Duration.ofSeconds(3);

  private final Inside inside;
  private final Docker docker;
  private final String port;
  private Optional<Seen> seen = Optional.empty();

  /** A container that was there a moment ago. */
  private record Seen(String id, long nanoTime) {}

  /**
   * The road to a server.
   *
   * @param port of the server, inside the container
   */
  public ContainerRelay(Inside inside, Docker docker, int port) {
    this.inside = inside;
    this.docker = docker;
    this.port = Integer.toString(port);
  }

  /**
   * The container is looked up again and again, so one that was made anew is found. <code>docker
   * exec</code> takes half the time of <code>docker compose exec</code>.
   */
  @Override
  public ChildPipe open() throws IOException {
    var command = List.of("exec", "-i", container(), "sh", "-c", SCRIPT, "relay", port);
    return docker.processes().connect(docker.command(command));
  }

  @Override
  public DiskSpace disk(Optional<Path> folder) {
    return ContainerDisk.of(inside, docker, folder);
  }

  private synchronized String container() throws IOException {
    var now = System.nanoTime();
    if (seen.filter(it -> now - it.nanoTime() < REMEMBERED.toNanos()).isEmpty()) {
      seen = Optional.empty();
      seen = Optional.of(new Seen(inside.container().id(), now));
    }
    return seen.orElseThrow().id();
  }

  private static String resource(String name) {
    try (var in = Objects.requireNonNull(ContainerRelay.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
