package pgrunbook.actions;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import pgrunbook.action.Act;
import pgrunbook.action.Action;
import pgrunbook.action.Effect;
import pgrunbook.action.Kind;
import pgrunbook.action.Look;
import pgrunbook.action.Observed;
import pgrunbook.action.Preview;
import pgrunbook.action.StepFailed;
import pgrunbook.postgres.Activity;
import pgrunbook.postgres.PostgresException;
import pgrunbook.postgres.Rows;
import pgrunbook.process.Deadline;
import pgrunbook.text.Durations;
import pgrunbook.yaml.Doc;

/** Ends one session, and with it the transaction and the locks that others wait for. */
public final class PostgresEndSession
    implements Action<
        PostgresEndSession.Input, PostgresEndSession.Intent, PostgresEndSession.Output> {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final String MAINTENANCE = "postgres";

  /** The server gives a pid again: when the session began tells it from the next one. */
  private static final String TERMINATE =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
          + " WHERE pid = ? AND backend_start = ?::timestamptz";

  /** Which session. */
  public record Input(@Doc("process id of the session on the server, as doctor names it") int pid) {
    public Input {
      if (pid < 1) {
        throw new IllegalArgumentException("'pid' is a process id, a number above 0");
      }
    }
  }

  /**
   * Which session it was, so that one that gets the same pid later is never ended for it.
   *
   * @param started when it began; empty where it was gone already
   */
  public record Intent(
      Optional<Instant> started, String user, String application, String client, String query) {}

  /**
   * What became of it.
   *
   * @param ended false where it was gone before anything was done
   */
  public record Output(int pid, boolean ended) {}

  @Override
  public Kind<Input, Intent, Output> kind() {
    return new Kind<>(
        "postgres.end_session",
        1,
        "ends one session of the database, such as one that blocks others",
        Input.class,
        Intent.class,
        Output.class);
  }

  @Override
  public Preview preview(Input in, Look look) {
    var preview = Preview.of(Effect.MUTATING);
    var session = OneSession.find(look, in.pid());
    if (session.isPresent()) {
      preview.command("SELECT pg_terminate_backend(" + in.pid() + ")");
      new OneSession(look, session.get()).show(preview);
    } else if (look.run().id().isEmpty()) {
      preview.problem(
          "there is no session with pid " + in.pid(),
          "it may have ended by itself; 'doctor' names those that block others");
    }
    return preview.build();
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look) {
    return earlier.orElseGet(() ->
        OneSession.find(look, in.pid())
            .map(it ->
                new Intent(
                    it.started(),
                    it.user(),
                    it.application(),
                    it.client(),
                    look.masking().mask(it.queryShown())))
            .orElseGet(() -> new Intent(Optional.empty(), "", "", "", "")));
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    var session = same(in, intent, act);
    if (session.isEmpty()) {
      act.log().line("the session was gone already");
      return new Output(in.pid(), false);
    }
    act.log().line("ending " + session.get().shown() + ": " + intent.query());
    terminate(in, intent, act);
    var end = Deadline.in(PATIENCE).or(act.deadline());
    while (same(in, intent, act).isPresent()) {
      if (end.expired()) {
        throw StepFailed.uncertain(
            "session "
                + in.pid()
                + " was told to end, and is still there after "
                + Durations.shown(PATIENCE),
            "it may wait for a disk or the network; where it stays, 'restart-db' ends it");
      }
      Thread.sleep(end.atMost(PAUSE));
    }
    act.log().line("it is gone");
    return new Output(in.pid(), true);
  }

  private static void terminate(Input in, Intent intent, Act act)
      throws StepFailed, InterruptedException {
    var started = intent.started().orElseThrow().toString();
    try {
      act.cluster()
          .write(
              MAINTENANCE,
              connection ->
                  Rows.of(connection, TERMINATE, row -> row.getBoolean(1), in.pid(), started));
    } catch (PostgresException e) {
      throw Statements.failed(act, "pg_terminate_backend(" + in.pid() + ")", e);
    }
  }

  private static Optional<Activity> same(Input in, Intent intent, Look look) {
    return intent.started().isEmpty()
        ? Optional.empty()
        : OneSession.find(look, in.pid()).filter(it -> it.started().equals(intent.started()));
  }

  /** A session that is gone is what the step is for, whoever ended it. */
  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    return same(in, intent, look).isEmpty()
        ? new Observed.Done<>(new Output(in.pid(), intent.started().isPresent()))
        : new Observed.NotDone<>();
  }
}
