package pgrunbook.rehearsal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import pgrunbook.compose.Docker;
import pgrunbook.compose.Inside;
import pgrunbook.compose.SingleContainer;
import pgrunbook.postgres.Connector;
import pgrunbook.postgres.PostgresException;
import pgrunbook.process.Uninterruptibly;
import pgrunbook.text.Problem;
import pgrunbook.text.Refused;
import pgrunbook.text.Secret;

/**
 * A container with a PostgreSQL server that lives as long as a rehearsal: without a network, with a
 * random password, without a guarantee against a power cut. Closing it removes container, volume
 * and folder, also on an interrupted thread.
 */
public final class ScratchContainer implements Scratch {
  static final String HOST = "127.0.0.1";
  static final int PORT = 5432;
  static final String SUPERUSER = "postgres";

  private static final String KEPT = "pgrunbook-kept-";

  private final Docker docker;
  private final String image;
  private final ScratchFolder folder;
  private final String name;
  private final Secret password = ScratchCluster.randomPassword();
  private String version = "";
  private boolean over;

  private ScratchContainer(Docker docker, String image, ScratchFolder folder) {
    this.docker = docker;
    this.image = image;
    this.folder = folder;
    this.name = ScratchFolder.PREFIX + folder.suffix();
  }

  /**
   * Makes a container and waits for its server; nothing is left of it when that fails or is
   * interrupted. An image that is not here is pulled.
   *
   * @param readable files and folders of this machine that its programs may read
   * @param parent where its folder is made
   * @param progress told when something takes long
   * @throws Refused where there is no such image
   * @throws PostgresException with Docker's words, or the end of the container's log
   */
  public static ScratchContainer start(
      Docker docker, String image, List<Path> readable, Path parent, Consumer<String> progress)
      throws IOException, InterruptedException {
    return start(docker, image, readable, parent, progress, Maker.current());
  }

  static ScratchContainer start(
      Docker docker,
      String image,
      List<Path> readable,
      Path parent,
      Consumer<String> progress,
      Maker maker)
      throws IOException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    new ContainerImage(docker, image).provide(progress);
    var container = new ScratchContainer(docker, image, ScratchFolder.create(parent, maker));
    try {
      container.launch(readable, maker);
      return container;
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      container.closeAfter(e);
      throw e;
    }
  }

  /** Why there can be none: Docker is not here, or does not answer. */
  public static Optional<Problem> missing(Docker docker) {
    return ContainerImage.missing(docker);
  }

  /**
   * Removes the containers of this user whose makers did not come to that, such as after <code>
   * kill -9</code>. What another user or another machine made, or what was to be kept, is not
   * touched.
   *
   * @return the names of what is gone; what could not be removed is found again the next time
   */
  public static List<String> removeStale(Docker docker) throws InterruptedException {
    return StaleContainers.remove(docker);
  }

  @Override
  public String shown() {
    return "scratch container: PostgreSQL " + version + ", image " + image;
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public Path folder() {
    return folder.path();
  }

  /** As seen from inside the container. */
  @Override
  public Connector connector() {
    return new Connector(HOST, PORT, SUPERUSER, Optional.of(password), Optional.of("disable"));
  }

  public Docker docker() {
    return docker;
  }

  public Inside inside() {
    return new SingleContainer(docker, name);
  }

  /** It gets another name, by which everybody sees that it is nobody's leftover. */
  @Override
  public Kept keep() throws IOException {
    var kept = KEPT + folder.suffix();
    docker.lines(docker.command(List.of("rename", name, kept)));
    over = true;
    folder.keep();
    return new Kept(
        "docker exec -it " + kept + " psql -U " + SUPERUSER,
        "docker rm --force --volumes " + kept + " && rm -rf " + folder.path());
  }

  @Override
  public void close() {
    if (!over) {
      over = true;
      try {
        Uninterruptibly.call(this::end);
      } catch (IOException e) {
        throw new PostgresException(
            Problem.of(
                "the scratch container is not gone: " + e.getMessage(),
                "remove it: docker rm --force --volumes " + name + "; and its folder: " + folder()),
            "",
            e);
      }
    }
  }

  private Path end() throws IOException, InterruptedException {
    try {
      ContainerRemoval.remove(docker, name);
      return folder.path();
    } finally {
      folder.remove(docker.processes());
    }
  }

  private void launch(List<Path> readable, Maker maker) throws IOException, InterruptedException {
    Files.createDirectory(work());
    var server = new ContainerServer(docker, name, image, password);
    server.run(work(), readable, StaleContainers.labels(maker));
    version = server.whenReady(inside(), connector());
  }

  private void closeAfter(Throwable failure) {
    try {
      close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}
