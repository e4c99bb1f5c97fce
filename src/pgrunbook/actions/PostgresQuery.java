package pgrunbook.actions;

import java.math.BigDecimal;
import java.util.Optional;
import pgrunbook.action.Act;
import pgrunbook.action.Action;
import pgrunbook.action.Effect;
import pgrunbook.action.Kind;
import pgrunbook.action.Look;
import pgrunbook.action.Observed;
import pgrunbook.action.Preview;
import pgrunbook.action.StepFailed;
import pgrunbook.actions.OneStatement.Answer;
import pgrunbook.expression.Late;
import pgrunbook.postgres.PostgresException;
import pgrunbook.yaml.Default;
import pgrunbook.yaml.Doc;

/** Runs one SQL statement, reading or changing something, and may compare what it yields. */
public final class PostgresQuery
    implements Action<PostgresQuery.Input, PostgresQuery.Intent, PostgresQuery.Output> {

  /** What a statement may do. */
  public enum Access {
    READ_ONLY,
    MUTATING
  }

  /** What to ask, and what is expected. */
  public record Input(
      @Doc("one SQL statement") String sql,
      @Doc("database to run it in; default: the environment's") Optional<Late<String>> database,
      @Doc("whether it reads, on a read-only connection, or changes something")
          @Default("read_only")
          Access effect,
      @Doc("whether running it twice does no harm") @Default("false") boolean repeatable,
      @Doc("what the first column of the first row must be") Optional<Late<Object>> is) {}

  /** Nothing: a transaction that was committed leaves no name to look for. */
  public record Intent() {}

  /**
   * What came back.
   *
   * @param value first column of the first row as text; absent for NULL, and where there is no row
   * @param rows how many rows came back or were changed
   */
  public record Output(Optional<String> value, long rows) {}

  @Override
  public Kind<Input, Intent, Output> kind() {
    return new Kind<>(
        "postgres.query",
        1,
        "runs one SQL statement and may compare what it yields",
        Input.class,
        Intent.class,
        Output.class);
  }

  @Override
  public Preview preview(Input in, Look look) {
    var reads = in.effect() == Access.READ_ONLY;
    var preview = Preview.of(reads ? Effect.READ_ONLY : Effect.MUTATING);
    var database = database(in, look);
    var how = "  -- in " + database.shown() + (reads ? ", read only" : ", in one transaction");
    preview.command(look.masking().mask(in.sql().strip()) + how);
    in.is().ifPresent(value -> preview.fact("must be", look.masking().mask(value.shown())));
    var statement = new OneStatement(in.sql());
    var problem = statement.problem();
    if (problem.isPresent()) {
      return preview.problem(problem.get()).build();
    }
    if (database instanceof Late.Known<String>(var name)
        && look.cluster().database(name).isPresent()) {
      statement.misunderstood(look.cluster(), name).ifPresent(e -> misunderstood(e, preview));
    } else {
      preview.unknown("whether the statement fits " + database.shown() + ", not there yet");
    }
    return preview.build();
  }

  /** Earlier steps may make what is missing; nothing mends a slip of the pen. */
  private static void misunderstood(PostgresException e, Preview.Builder preview) {
    if (OneStatement.isSyntaxError(e)) {
      preview.problem(e.problem());
    } else {
      preview.warning("as things are, the statement fails " + e.problem().what());
    }
  }

  private static Late<String> database(Input in, Look look) {
    return in.database().orElseGet(() -> Late.known(look.target().database()));
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look) {
    return new Intent();
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    var answer = answer(in, act);
    var value = answer.value().map(text -> act.masking().mask(text));
    act.log().line(answer.rows() + " rows, the first value is " + value.orElse("NULL"));
    if (!isExpected(in, answer)) {
      var kept = in.effect() == Access.MUTATING ? "; nothing was changed" : "";
      throw new StepFailed(
          "expected "
              + act.masking().mask(in.is().orElseThrow().shown())
              + ", found "
              + value.orElse("NULL")
              + kept,
          "the statement was: " + act.masking().mask(in.sql().strip()));
    }
    if (value.orElse("").length() > Captured.LONGEST) {
      throw new StepFailed(
          "the value is longer than the 64 KB that can be given to later steps",
          "let the statement yield less");
    }
    return new Output(value, answer.rows());
  }

  private static Answer answer(Input in, Act act) throws StepFailed, InterruptedException {
    var statement = new OneStatement(in.sql());
    var database = database(in, act).get();
    act.log().line(in.sql().strip());
    try {
      return switch (in.effect()) {
        case READ_ONLY -> statement.ask(act.cluster(), database, act.deadline());
        case MUTATING ->
            statement.change(
                act.cluster(), database, found -> isExpected(in, found), act.deadline());
      };
    } catch (PostgresException e) {
      if (in.effect() == Access.MUTATING && !OneStatement.isRolledBack(e)) {
        throw e; // no StepFailed: that would say that nothing is left of it
      }
      throw OneStatement.failed(e, act.deadline());
    }
  }

  private static boolean isExpected(Input in, Answer answer) {
    if (in.is().isEmpty()) {
      return true;
    }
    var expected = in.is().get().get();
    return answer
        .value()
        .filter(found -> found.equals(expected.toString()) || areEqual(expected, found))
        .isPresent();
  }

  /** Numbers are compared as numbers: 5 is 5.00. */
  private static boolean areEqual(Object expected, String found) {
    try {
      return expected instanceof Number number
          && new BigDecimal(number.toString()).compareTo(new BigDecimal(found)) == 0;
    } catch (NumberFormatException _) {
      return false;
    }
  }

  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    if (in.repeatable() || in.effect() == Access.READ_ONLY) {
      return new Observed.NotDone<>();
    }
    return new Observed.Unknown<>(
        "the statement may or may not have been committed, and nothing tells afterwards;"
            + " statements that may run twice are marked repeatable: true");
  }
}
