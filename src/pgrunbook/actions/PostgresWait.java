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
import pgrunbook.expression.Late;
import pgrunbook.postgres.PostgresException;
import pgrunbook.process.Deadline;
import pgrunbook.text.Durations;
import pgrunbook.yaml.Default;
import pgrunbook.yaml.Doc;

/** Waits until the server lets connections in, and until a statement yields true. */
public final class PostgresWait
    implements Action<PostgresWait.Input, PostgresWait.Intent, PostgresWait.Output> {
  private static final String CONNECTS = "SELECT true";

  /** What to wait for, and how long. */
  public record Input(
      @Doc("statement that has to yield true; default: any connection will do")
          Optional<String> sql,
      @Doc("database to ask; default: the environment's") Optional<Late<String>> database,
      @Doc("pause between two tries") @Default("1s") Duration every,
      @Doc("how long to wait before the step fails") @Default("60s") Duration for_) {
    public Input {
      if (every.isZero() || for_.isZero()) {
        throw new IllegalArgumentException("'every' and 'for' must be longer than nothing");
      }
    }
  }

  /** Nothing, as nothing is changed. */
  public record Intent() {}

  /** How long it took. */
  public record Output(int tries, Duration waited) {}

  /** What one try came to. */
  private sealed interface Tried {
    record Yes() implements Tried {}

    record NotYet(String answer) implements Tried {}
  }

  @Override
  public Kind<Input, Intent, Output> kind() {
    return new Kind<>(
        "postgres.wait",
        1,
        "waits until the server accepts connections, or until a statement yields true",
        Input.class,
        Intent.class,
        Output.class);
  }

  @Override
  public Preview preview(Input in, Look look) {
    var preview = Preview.of(Effect.READ_ONLY);
    var database = database(in, look);
    preview.command(
        look.masking().mask(sql(in)) + "  -- in " + database.shown() + ", until it yields true");
    var problem = new OneStatement(sql(in)).problem();
    if (problem.isPresent()) {
      return preview.problem(problem.get()).build();
    }
    switch (database) {
      case Late.Pending<String>(var shown, var _) ->
          preview.unknown("what the answer in " + shown + " is today");
      case Late.Known<String>(var name) -> today(in, name, look, preview);
    }
    return preview.build();
  }

  private static void today(Input in, String database, Look look, Preview.Builder preview) {
    try {
      var answer = tried(in, look, database, Deadline.in(in.every()));
      preview.fact("answer today", answer instanceof Tried.NotYet(var no) ? no : "true");
    } catch (PostgresException e) {
      if (OneStatement.isSyntaxError(e)) {
        preview.problem(e.problem());
      }
      preview.fact("answer today", e.problem().what());
    }
  }

  private static String sql(Input in) {
    return in.sql().orElse(CONNECTS).strip();
  }

  private static Late<String> database(Input in, Look look) {
    return in.database().orElseGet(() -> Late.known(look.target().database()));
  }

  private static Tried tried(Input in, Look look, String database, Deadline deadline) {
    var value = new OneStatement(sql(in)).ask(look.cluster(), database, deadline).value();
    return value.equals(Optional.of("true"))
        ? new Tried.Yes()
        : new Tried.NotYet(value.map(look.masking()::mask).orElse("NULL"));
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look) {
    return new Intent();
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    var start = Instant.now();
    var end = Deadline.at(start.plus(in.for_())).or(act.deadline());
    for (var tries = 1; ; tries++) {
      act.progress().doing("waiting, try " + tries);
      var tried = tryOnce(in, act, end);
      var waited = Duration.between(start, Instant.now());
      if (!(tried instanceof Tried.NotYet(var answer))) {
        act.log().line("true after " + Durations.shown(waited));
        return new Output(tries, waited);
      }
      act.log().line("not yet: " + answer);
      if (end.atMost(in.every()).compareTo(in.every()) < 0) {
        throw new StepFailed(
            "waited " + Durations.shown(waited) + " for: " + sql(in) + "; last answer: " + answer,
            "look into the server's log, or wait longer with for:");
      }
      Thread.sleep(in.every());
    }
  }

  /** A server that is not there yet and a table that is not there yet are no failures. */
  private static Tried tryOnce(Input in, Act act, Deadline end)
      throws StepFailed, InterruptedException {
    try {
      return tried(in, act, database(in, act).get(), end);
    } catch (PostgresException e) {
      if (OneStatement.isSyntaxError(e) || Thread.currentThread().isInterrupted()) {
        throw OneStatement.failed(e, act.deadline());
      }
      return new Tried.NotYet(e.problem().what());
    }
  }

  /** Waiting again does no harm. */
  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    return new Observed.NotDone<>();
  }
}
