package pgrunbook.cli;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import pgrunbook.engine.Stop;
import pgrunbook.postgres.PostgresException;
import pgrunbook.process.Children;
import pgrunbook.process.Finished;
import pgrunbook.process.Uninterruptibly;
import pgrunbook.text.Problem;
import pgrunbook.text.Refused;

/** SQL that psql runs with nobody at the keyboard; its output and exit code are psql's own. */
record PsqlBatch(Context context, PsqlSeat seat, Work work, Stop stop) {
  private static final Redirect NOTHING = Redirect.from(new File("/dev/null"));
  private static final Pattern READS_STDIN =
      Pattern.compile("\\b(p?stdin)\\b", Pattern.CASE_INSENSITIVE);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /**
   * What is to be run.
   *
   * @param folder which the names of files are relative to
   * @param more options of psql
   */
  record Work(Path folder, List<PsqlInput> inputs, boolean csv, List<String> more) {
    Work {
      inputs = List.copyOf(inputs);
      more = List.copyOf(more);
    }
  }

  /** Where psql's standard input comes from, and what its messages are to call it. */
  private record Feed(Redirect from, Optional<String> name) {}

  int run() throws InterruptedException {
    var arguments = new ArrayList<>(List.of("--no-psqlrc", "--set=ON_ERROR_STOP=1"));
    if (work.csv()) {
      arguments.add("--csv");
    }
    var feed = seat.compose().isEmpty() ? here(arguments) : there(arguments);
    arguments.addAll(work.more());
    var psql = seat.command(arguments);
    try {
      var finished =
          new Children()
              .attached(
                  seat.compose().isEmpty() ? psql.in(work.folder()) : psql,
                  feed.from(),
                  line -> context.err().println(named(line, feed)));
      return exit(finished);
    } catch (IOException e) {
      throw new Refused("psql could not be started: " + e.getMessage(), "see the message");
    } catch (InterruptedException e) {
      Uninterruptibly.run(this::endSessions);
      throw e;
    }
  }

  /** A program that was cut off, or whose reader went away, may still be at work on the server. */
  private int exit(Finished finished) {
    var cut = !finished.confirmed();
    if (cut || finished.exit() > 128) {
      Uninterruptibly.run(this::endSessions);
    }
    if (cut && finished.exit() == 0) {
      context
          .err()
          .println(
              Problem.of(
                  "the connection to psql was lost", "what it had committed until then is there"));
      return Exit.UNDECIDED;
    }
    return finished.exit();
  }

  /** Whoever asks has gone; twice, for psql may have been about to connect. */
  private void endSessions() {
    try {
      seat.cluster().endSessions(seat.application(), PATIENCE);
      Thread.sleep(300);
      seat.cluster().endSessions(seat.application(), PATIENCE);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (PostgresException e) {
      context.err().println("the query may still run on the server: " + e.problem());
    }
  }

  private Feed here(List<String> arguments) {
    var feed = quiet();
    for (var input : work.inputs()) {
      switch (input) {
        case PsqlInput.Text(var sql) -> arguments.add("--command=" + sql);
        case PsqlInput.Script(var name) -> arguments.add("--file=" + name);
        case PsqlInput.Stdin() -> {
          arguments.add("--file=-");
          feed = new Feed(Redirect.INHERIT, Optional.empty());
        }
      }
    }
    return feed;
  }

  /** A container's psql is sent one file; of several it has to see the others by itself. */
  private Feed there(List<String> arguments) {
    var feed = quiet();
    var fed = false;
    var several = work.inputs().stream().filter(it -> !(it instanceof PsqlInput.Text)).count() > 1;
    for (var input : work.inputs()) {
      switch (input) {
        case PsqlInput.Text(var sql) -> arguments.add("--command=" + sql);
        case PsqlInput.Stdin() -> {
          refuseSecond(fed);
          fed = true;
          arguments.add("--file=-");
          feed = new Feed(Redirect.INHERIT, Optional.empty());
        }
        case PsqlInput.Script(var name) -> {
          var file = work.folder().resolve(name);
          var inside = several ? seat.tools().seen(file) : Optional.<String>empty();
          arguments.add("--file=" + inside.orElse("-"));
          if (inside.isEmpty()) {
            refuseSecond(fed);
            fed = true;
            feed = new Feed(Redirect.from(file.toFile()), Optional.of(name));
          }
        }
      }
    }
    return feed;
  }

  private static void refuseSecond(boolean fed) {
    if (fed) {
      throw PsqlCommand.wrong(
          "psql in a container can be sent one file",
          "send them as one: cat a.sql b.sql | "
              + Called.by("psql")
              + "; or put them where the container sees them");
    }
  }

  /** A loop that reads lines keeps its own input, unless the SQL asks for it. */
  private Feed quiet() {
    var asks =
        work.inputs().stream()
            .anyMatch(
                it -> it instanceof PsqlInput.Text(var sql) && READS_STDIN.matcher(sql).find());
    return new Feed(asks ? Redirect.INHERIT : NOTHING, Optional.empty());
  }

  private static String named(String line, Feed feed) {
    return feed.name()
        .filter(_ -> line.startsWith("psql:<stdin>:"))
        .map(name -> "psql:" + name + line.substring("psql:<stdin>".length()))
        .orElse(line);
  }
}
