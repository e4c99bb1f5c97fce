package pgrunbook.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pgrunbook.compose.CarriedFile;
import pgrunbook.compose.ComposeProject;
import pgrunbook.compose.LeftInside;
import pgrunbook.postgres.PostgresException;
import pgrunbook.postgres.Unreachable;
import pgrunbook.process.ChildCommand;
import pgrunbook.process.Children;
import pgrunbook.process.Uninterruptibly;
import pgrunbook.text.Refused;

/** psql with a person in front of it: prompt, history, and a terminal that is all its own. */
record PsqlTerminal(Context context, PsqlSeat seat, PsqlBatch.Work work) {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String WHITE_ON_RED = "%[%033[1;37;41m%]";
  private static final String PLAIN = "%[%033[0m%]";

  int run() throws InterruptedException {
    Signals.leaveInterruptsToChild();
    try {
      var folder = seat.project().folder().resolve(".pgrunbook").resolve("psql");
      Files.createDirectories(folder);
      var history = folder.resolve(seat.environment().name() + ".history");
      return seat.compose().isPresent() ? there(seat.compose().get(), history) : here(history);
    } catch (IOException e) {
      throw new Refused("psql could not be started: " + e.getMessage(), "see the message");
    }
  }

  /** A ~/.psqlrc is read, and has the last word about everything but the prompt. */
  private int here(Path history) throws IOException, InterruptedException {
    var settings = history.resolveSibling(seat.environment().name() + ".psqlrc");
    var lines = new ArrayList<String>();
    lines.add("\\set HISTFILE " + quoted(history.toString()));
    psqlrc(System.getenv("PSQLRC"), System.getenv("HOME"))
        .ifPresent(own -> lines.add("\\i " + quoted(own.toString())));
    lines.add("\\set PROMPT1 " + quoted(prompt()));
    Files.writeString(settings, String.join("\n", lines) + "\n");
    if (!Files.exists(history)) {
      Files.createFile(
          history,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    var psql = seat.inTerminal(arguments()).with("PSQLRC", settings.toString()).in(work.folder());
    return ended(psql);
  }

  /** The history is in the container while psql runs there, and kept on this machine. */
  private int there(ComposeProject compose, Path history) throws IOException, InterruptedException {
    var name = "/tmp/" + seat.application().replace('/', '-') + ".history";
    var carried = new CarriedFile(compose.postgres(), compose.docker(), history, name);
    carried.put();
    var arguments = arguments();
    arguments.addAll(List.of("--set=HISTFILE=" + name, "--set=PROMPT1=" + prompt()));
    try {
      return ended(seat.inTerminal(arguments));
    } finally {
      Uninterruptibly.run(() -> take(carried));
    }
  }

  private void take(CarriedFile history) {
    try {
      history.take();
    } catch (IOException e) {
      context.err().println("note: the history of this session is lost: " + e.getMessage());
    }
  }

  private List<String> arguments() {
    var arguments = new ArrayList<String>();
    if (work.csv()) {
      arguments.add("--csv");
    }
    arguments.addAll(work.more());
    return arguments;
  }

  private int ended(ChildCommand psql) throws IOException, InterruptedException {
    var exit = -1;
    try {
      exit = new Children().inTerminal(psql);
      return exit;
    } finally {
      // a terminal that was closed leaves psql behind in a container, a cut connection even with 0
      if (exit != 0 || seat.compose().isPresent()) {
        Uninterruptibly.run(this::hangUp); // the signal comes to both, psql may be the first
        Uninterruptibly.run(this::endSessions);
      }
    }
  }

  private void hangUp() {
    if (seat.compose().isPresent()) {
      var compose = seat.compose().get();
      try {
        LeftInside.hangUp(compose.postgres(), compose.docker(), seat.application());
      } catch (Unreachable _) {
        // the container is gone, and psql with it
      }
    }
  }

  private void endSessions() {
    try {
      seat.cluster().endSessions(seat.application(), PATIENCE);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (PostgresException _) {
      // the server is gone, and the session with it
    }
  }

  /** psql's usual one behind the environment's name, which stands out where it is protected. */
  private String prompt() {
    var name = seat.environment().name().replace("%", "%%") + (seat.readOnly() ? " (ro)" : "");
    var coloured = seat.environment().isProtected() && colours(System.getenv("TERM"));
    return (coloured ? WHITE_ON_RED + name + PLAIN : name) + " %/%R%x%# ";
  }

  private static boolean colours(@Nullable String term) {
    return System.getenv("NO_COLOR") == null && term != null && !term.equals("dumb");
  }

  /** As psql looks for it. */
  private static Optional<Path> psqlrc(@Nullable String named, @Nullable String home) {
    return Stream.concat(
            Stream.ofNullable(named).map(Path::of),
            Stream.ofNullable(home).map(it -> Path.of(it, ".psqlrc")))
        .filter(Files::isReadable)
        .findFirst();
  }

  /** For psql's own commands. */
  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
  }
}
