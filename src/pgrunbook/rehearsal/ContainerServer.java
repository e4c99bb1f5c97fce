package pgrunbook.rehearsal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import pgrunbook.compose.ContainerRelay;
import pgrunbook.compose.Docker;
import pgrunbook.compose.Inside;
import pgrunbook.postgres.Connections;
import pgrunbook.postgres.Connector;
import pgrunbook.postgres.PlainCluster;
import pgrunbook.postgres.PostgresException;
import pgrunbook.process.Deadline;
import pgrunbook.process.Finished;
import pgrunbook.process.Uninterruptibly;
import pgrunbook.text.Masking;
import pgrunbook.text.Problem;
import pgrunbook.text.Secret;

/**
 * Starts the server of a scratch container. The image is one that is used as the official one: an
 * empty PGDATA is initialised from POSTGRES_* variables, arguments after the image are the
 * server's. https://hub.docker.com/_/postgres
 */
record ContainerServer(Docker docker, String name, String image, Secret password) {
  /** As a scratch cluster's: see {@link ScratchServer}. */
  private static final List<String> SETTINGS =
      List.of(
          "fsync=off",
          "full_page_writes=off",
          "synchronous_commit=off",
          "log_min_error_statement=panic");

  private static final List<String> OPTIONS =
      List.of(
          "--detach",
          "--network=none",
          "--shm-size=1g", // hnsw is built in it: https://github.com/pgvector/pgvector#hnsw
          "--env=POSTGRES_PASSWORD",
          "--env=POSTGRES_USER=" + ScratchContainer.SUPERUSER,
          "--env=POSTGRES_DB=postgres",
          "--env=POSTGRES_INITDB_ARGS=--encoding=UTF8 --locale=C.UTF-8 --no-sync");

  /** Engines that are elsewhere, or share not all folders: files then go by standard streams. */
  private static final Pattern NO_SUCH_FOLDER =
      Pattern.compile(
          "bind source path does not exist|mounts denied|not shared from the host",
          Pattern.CASE_INSENSITIVE);

  private static final String READABLE = "/pgrunbook-backup/";
  private static final String WRONG_LOGIN = "28";
  private static final Duration RUN = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long PAUSE_MILLIS = 100;
  private static final int TAIL = 20;

  /**
   * Makes the container. An interrupt has to wait for the second that it takes: an engine goes on
   * making one whose client has ended.
   *
   * @param work a folder that is seen inside under the same path
   * @param readable files and folders that can be read inside
   */
  void run(Path work, List<Path> readable, List<String> labels)
      throws IOException, InterruptedException {
    var mounts = mounts(work, readable);
    var why = Uninterruptibly.call(() -> whyNot(mounts, labels));
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (why.isPresent()) {
      throw new PostgresException(
          "cannot make a scratch container from image " + image + ": " + why.get(),
          "is that an image of PostgreSQL? name another: --container=IMAGE");
    }
  }

  private Optional<String> whyNot(List<String> mounts, List<String> labels)
      throws IOException, InterruptedException {
    var why = docker(mounts, labels);
    if (why.filter(text -> NO_SUCH_FOLDER.matcher(text).find()).isPresent()) {
      ContainerRemoval.remove(docker, name);
      why = docker(List.of(), labels);
    }
    return why;
  }

  private Optional<String> docker(List<String> mounts, List<String> labels)
      throws IOException, InterruptedException {
    var words = new ArrayList<>(List.of("run", "--name=" + name));
    words.addAll(OPTIONS);
    labels.forEach(label -> words.add("--label=" + label));
    mounts.forEach(mount -> words.add("--mount=" + mount));
    words.addAll(List.of(image, "postgres"));
    SETTINGS.forEach(setting -> words.addAll(List.of("-c", setting)));
    var said = new ArrayList<String>();
    var command = docker.command(words).withSecret("POSTGRES_PASSWORD", password);
    var ended = docker.processes().run(command, _ -> {}, said::add, Deadline.in(RUN));
    said.removeIf(line -> line.isBlank() || line.matches("(See|Run) 'docker .*"));
    return ended.succeeded()
        ? Optional.empty()
        : Optional.of(ended.timedOut() || said.isEmpty() ? ended.why() : String.join("\n", said));
  }

  /** By <code>--mount</code>, which makes no folders on the engine's machine. */
  private static List<String> mounts(Path work, List<Path> readable) throws IOException {
    var mounts = new ArrayList<>(List.of(mount(work.toRealPath(), work.toString(), "")));
    for (var path : readable) {
      var real = path.toRealPath();
      mounts.add(mount(real, READABLE + mounts.size() + "/" + real.getFileName(), ",readonly"));
    }
    return mounts;
  }

  /** A line of comma-separated values, so that any name can be quoted. */
  private static String mount(Path source, String target, String more) {
    return "type=bind," + field("source=" + source) + "," + field("target=" + target) + more;
  }

  private static String field(String text) {
    return text.matches("[^,\"]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  /**
   * Waits until it can be connected to, over TCP inside: the official image first starts one that
   * listens on its Unix socket only, to initialise the cluster.
   *
   * @return the server's version
   */
  String whenReady(Inside inside, Connector connector) throws IOException, InterruptedException {
    var relay = new ContainerRelay(inside, docker, connector.port());
    var connections = Connections.through(relay, connector);
    var deadline = Deadline.in(PATIENCE);
    while (true) {
      try (var cluster = new PlainCluster(connections, () -> "pgrunbook-scratch")) {
        return cluster.server().version();
      } catch (PostgresException e) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        if (deadline.expired() || e.sqlState().startsWith(WRONG_LOGIN) || !runs()) {
          throw failed(e);
        }
      }
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  private boolean runs() throws InterruptedException, IOException {
    var said = new ArrayList<String>();
    var format = List.of("inspect", "--format", "{{.State.Status}}", name);
    var ended = look(format, said::add);
    return ended.succeeded() && said.contains("running");
  }

  private PostgresException failed(PostgresException e) throws InterruptedException, IOException {
    var log = new ArrayList<String>();
    look(List.of("logs", "--tail", Integer.toString(TAIL), name), log::add);
    var masked = new Masking(List.of(password)).mask(String.join("\n", log));
    return new PostgresException(
        Problem.of(
            "the server in a container of image "
                + image
                + " does not start: "
                + (masked.isBlank() ? e.problem().what() : masked),
            "is that an image of PostgreSQL? name another: --container=IMAGE"),
        e.sqlState(),
        e);
  }

  private Finished look(List<String> arguments, Consumer<String> lines)
      throws InterruptedException, IOException {
    return docker
        .processes()
        .run(docker.command(arguments), lines::accept, lines::accept, Deadline.in(LOOK));
  }
}
