package pgrunbook.rehearsal;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import pgrunbook.postgres.Connector;
import pgrunbook.postgres.PlainCluster;
import pgrunbook.postgres.PostgresException;
import pgrunbook.postgres.Tools;
import pgrunbook.process.Processes;
import pgrunbook.process.Uninterruptibly;
import pgrunbook.text.Problem;
import pgrunbook.text.Refused;
import pgrunbook.text.Secret;

/**
 * A PostgreSQL cluster of this machine's own programs that lives as long as a rehearsal: on a free
 * port of 127.0.0.1, with a random password, without a guarantee against a power cut. Closing it
 * ends its server and removes its folder, also on an interrupted thread.
 */
public final class ScratchCluster implements Scratch {
  private static final int PASSWORD_BYTES = 24;

  private final Processes processes;
  private final ScratchFolder folder;
  private final Secret password = randomPassword();
  private ScratchServer.@Nullable Started server;
  private String version = "";
  private boolean over;

  private ScratchCluster(Processes processes, ScratchFolder folder) {
    this.processes = processes;
    this.folder = folder;
  }

  /**
   * Makes a cluster and starts it; nothing is left of it when that fails or is interrupted.
   *
   * @param parent where its folder is made; where this process is root, others have to be able to
   *     get there, for PostgreSQL does not run as root
   * @throws Refused where the server's programs are missing; the hint names the packages
   * @throws PostgresException with the words of initdb or of the server's log
   */
  public static ScratchCluster start(Tools tools, Processes processes, Path parent)
      throws IOException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException(); // looking for programs then finds none
    }
    missing(tools)
        .ifPresent(problem -> {
          throw new Refused(List.of(problem));
        });
    var cluster = new ScratchCluster(processes, ScratchFolder.create(parent));
    try {
      cluster.launch(tools);
      return cluster;
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      cluster.closeAfter(e);
      throw e;
    }
  }

  /** The same in the folder for temporary files. */
  public static ScratchCluster start(Tools tools, Processes processes)
      throws IOException, InterruptedException {
    return start(tools, processes, temporary());
  }

  /** What is not there of the programs that it takes, server's and clients'; empty: nothing. */
  public static Optional<Problem> missing(Tools tools) {
    return ScratchServer.missing(tools);
  }

  /** Where clusters are made when nobody says where. */
  public static Path temporary() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  /**
   * Stops and removes the clusters of this user whose makers did not come to that, such as after
   * <code>kill -9</code>. What another user or another machine made, or what was to be kept, is not
   * touched.
   *
   * @return what is gone; what could not be removed is found again the next time
   */
  public static List<Path> removeStale(Processes processes, Path parent)
      throws IOException, InterruptedException {
    return StaleClusters.remove(processes, parent);
  }

  @Override
  public String shown() {
    return "scratch cluster: PostgreSQL " + version + ", port " + connector().port();
  }

  @Override
  public Connector connector() {
    if (server == null) {
      throw new IllegalStateException("the scratch cluster does not run");
    }
    return new Connector(
        ScratchServer.HOST,
        server.port(),
        ScratchServer.SUPERUSER,
        Optional.of(password),
        Optional.of("disable"));
  }

  @Override
  public Path folder() {
    return folder.path();
  }

  @Override
  public String version() {
    return version;
  }

  /** The last lines that the server wrote; they are not masked. */
  public List<String> logTail() {
    return folder.logTail();
  }

  /** The password is written into its folder, where only this process's user can read it. */
  @Override
  public Kept keep() throws IOException {
    var at = connector();
    var entry = String.join(":", at.host(), "" + at.port(), "*", at.user(), password.reveal());
    var pgpass = folder.secret("pgpass", entry, new ServerUser(Optional.empty(), List.of()));
    folder.keep();
    over = true;
    return new Kept(
        "PGPASSFILE=%s psql -h %s -p %d -U %s -d postgres"
            .formatted(pgpass, at.host(), at.port(), at.user()),
        "kill -INT \"$(head -n 1 %1$s)\" && while test -e %1$s; do sleep 1; done; rm -rf %2$s"
            .formatted(folder.data().resolve("postmaster.pid"), folder.path()));
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
                "the scratch cluster is not gone: " + e.getMessage(),
                "end its server, and remove the folder " + folder.path()),
            "",
            e);
      }
    }
  }

  private Path end() throws IOException, InterruptedException {
    new Postmaster(folder.data(), processes).stop();
    if (server != null) {
      server.child().close();
    }
    folder.remove(processes);
    return folder.path();
  }

  private void launch(Tools tools) throws IOException, InterruptedException {
    var user = ServerUser.choose(folder.path(), processes);
    folder.open(user);
    var making = new ScratchServer(folder, user, tools, processes);
    making.initialise(password);
    server = making.start();
    try (var cluster = new PlainCluster(connector(), () -> "pgrunbook-scratch")) {
      version = cluster.server().version();
    } catch (PostgresException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw e;
    }
  }

  private void closeAfter(Throwable failure) {
    try {
      close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  static Secret randomPassword() {
    var bytes = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(bytes);
    return new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }
}
