package pgrunbook.rehearsal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import pgrunbook.postgres.PostgresException;
import pgrunbook.postgres.Tools;
import pgrunbook.process.ChildCommand;
import pgrunbook.process.ChildPipe;
import pgrunbook.process.Deadline;
import pgrunbook.process.OutputSink;
import pgrunbook.process.Processes;
import pgrunbook.process.Uninterruptibly;
import pgrunbook.text.Problem;
import pgrunbook.text.Secret;

/** Makes the data folder of a scratch cluster, and starts its server. */
final class ScratchServer {
  static final String HOST = "127.0.0.1";
  static final String SUPERUSER = "postgres";

  /**
   * What differs from a new cluster's defaults: nothing is forced to disk, for nobody will miss it
   * after a power cut. Everything else is left alone, so that what a rehearsal measures has
   * something to do with a real server.
   */
  private static final List<String> SETTINGS =
      List.of(
          "listen_addresses=" + HOST,
          "unix_socket_directories=",
          "fsync=off",
          "full_page_writes=off",
          "synchronous_commit=off",
          "logging_collector=off",
          "log_min_error_statement=panic"); // statements may hold passwords

  private static final Pattern TAKEN = Pattern.compile("could not bind|Address already in use");
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long PAUSE_MILLIS = 10;
  private static final int PORTS_TO_TRY = 5;

  private final ScratchFolder folder;
  private final ServerUser user;
  private final Tools tools;
  private final Processes processes;

  ScratchServer(ScratchFolder folder, ServerUser user, Tools tools, Processes processes) {
    this.folder = folder;
    this.user = user;
    this.tools = tools;
    this.processes = processes;
  }

  /** A server that takes connections on that port of {@link #HOST}. */
  record Started(ChildPipe child, int port) {}

  /** What has to be installed first. */
  static Optional<Problem> missing(Tools tools) {
    for (var program : List.of("initdb", "postgres")) {
      if (tools.major(program).isEmpty()) {
        return Optional.of(
            Problem.of(
                "there is no program '" + program + "' of PostgreSQL's server on this machine",
                "install it: apt install postgresql (Debian, Ubuntu), dnf install postgresql-server"
                    + " (Fedora), brew install postgresql@17 (Homebrew); or name its folder in"
                    + " PGRUNBOOK_PG_BIN"));
      }
    }
    var server = tools.major("postgres").orElseThrow();
    return Stream.of("psql", "pg_dump", "pg_restore")
        .flatMap(program -> tools.problem(program, server).stream())
        .findFirst();
  }

  /**
   * Makes the cluster. An interrupt has to wait for the second that it takes: initdb's server, when
   * it is killed, leaves its shared memory behind for good.
   */
  void initialise(Secret password) throws IOException, InterruptedException {
    var why = Uninterruptibly.call(() -> whyNot(password));
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (why.isPresent()) {
      throw new PostgresException(
          "cannot make a scratch cluster in " + folder.path() + ": " + why.get(),
          "the folder needs room, and user " + user.name() + " has to be able to get to it");
    }
  }

  /** The password goes by way of a file that is gone afterwards. */
  private Optional<String> whyNot(Secret password) throws IOException, InterruptedException {
    var file = folder.secret("password", password.reveal(), user);
    var why = initdb(file.toString(), "C.UTF-8");
    if (why.filter(text -> text.contains("invalid locale")).isPresent()) {
      why = initdb(file.toString(), "C"); // macOS has no C.UTF-8
    }
    Files.delete(file);
    return why;
  }

  /** Starts the server; another program may take a free port before the server does. */
  Started start() throws IOException, InterruptedException {
    for (var attempt = 1; ; attempt++) {
      var port = freePort();
      var child = processes.connect(command(port));
      if (becomesReady(child)) {
        return new Started(child, port);
      }
      child.close();
      if (attempt == PORTS_TO_TRY || !TAKEN.matcher(log()).find()) {
        throw new PostgresException(
            Problem.of(
                "the scratch cluster's server does not start: " + log(), "look for why above"),
            "",
            null);
      }
    }
  }

  private Optional<String> initdb(String passwordFile, String locale)
      throws IOException, InterruptedException {
    var command =
        as(
            "initdb",
            List.of(
                "--pgdata=" + folder.data(),
                "--username=" + SUPERUSER,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=" + locale,
                "--no-sync"));
    List<String> said = new ArrayList<>();
    var ended = processes.run(command, OutputSink.none(), said::add, Deadline.in(PATIENCE));
    return ended.succeeded()
        ? Optional.empty()
        : Optional.of(ended.timedOut() ? ended.why() : String.join("\n", said));
  }

  private ChildCommand command(int port) {
    List<String> args = new ArrayList<>(List.of("-D", folder.data().toString(), "-p", "" + port));
    SETTINGS.forEach(setting -> args.addAll(List.of("-c", setting)));
    var server = as("postgres", args);
    // The log is a file, and not a pipe to this process, so that the server can outlive it.
    List<String> argv =
        new ArrayList<>(
            List.of(
                "/bin/sh",
                "-c",
                "umask 077; exec \"$@\" >\"$0\" 2>&1 </dev/null",
                folder.log().toString()));
    argv.addAll(server.argv());
    return server.running(argv);
  }

  private ChildCommand as(String program, List<String> args) {
    var command = tools.offline(program, args);
    return ChildCommand.of(user.argv(command.argv()))
        .without("PG")
        .without("POSTGRES")
        .with("LC_ALL", "C")
        .in(folder.path());
  }

  /** False where the server has ended. */
  private boolean becomesReady(ChildPipe child) throws InterruptedException {
    try {
      var postmaster = new Postmaster(folder.data(), processes);
      var deadline = Deadline.in(PATIENCE);
      while (child.isAlive() && !deadline.expired()) {
        if (postmaster.isReady()) {
          return true;
        }
        Thread.sleep(PAUSE_MILLIS);
      }
      return false;
    } catch (InterruptedException e) {
      child.close();
      throw e;
    }
  }

  private String log() {
    return String.join("\n", folder.logTail());
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral(HOST))) {
      return socket.getLocalPort();
    }
  }
}
