package pgrunbook.actions;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import pgrunbook.action.Act;
import pgrunbook.action.Action;
import pgrunbook.action.Claim;
import pgrunbook.action.Kind;
import pgrunbook.action.Look;
import pgrunbook.action.Observed;
import pgrunbook.action.Preview;
import pgrunbook.action.StepFailed;
import pgrunbook.backup.SqlScript;
import pgrunbook.expression.Late;
import pgrunbook.postgres.PostgresException;
import pgrunbook.text.Problem;
import pgrunbook.yaml.Default;
import pgrunbook.yaml.Doc;

/** <code>sql</code>: runs SQL from a file or the runbook, by default whole or not at all. */
public final class Sql implements Action<Sql.Input, Sql.Intent, Sql.Output> {
  private static final int MOST_LINES = 60;

  /** What to run, and where. */
  public record Input(
      @Doc("file of SQL, from the project folder") Optional<String> file,
      @Doc("the SQL itself, instead of a file") Optional<String> text,
      @Doc("database to run it in; by default the environment's") Optional<Late<String>> database,
      @Doc("whether it is one transaction: whole or not at all") @Default("true")
          boolean transaction,
      @Doc("without a transaction: whether running it twice does no harm") @Default("false")
          boolean repeatable,
      @Doc("why it may change a database that is not the run's own without a way back")
          Optional<String> noWayBack) {
    public Input {
      if (file.isPresent() == text.isPresent()) {
        throw new IllegalArgumentException("give either 'file' or 'text'");
      }
    }
  }

  /**
   * What is going to be run.
   *
   * @param sha256 of the SQL
   * @param mark the file that gets the transaction's number; empty without a transaction
   */
  public record Intent(String sha256, String database, String mark) {}

  /** What was run. */
  public record Output(String database, String sha256, int statements) {}

  @Override
  public Kind<Input, Intent, Output> kind() {
    return new Kind<>(
        "sql",
        1,
        "runs SQL from a file or the runbook, by default whole or not at all",
        Input.class,
        Intent.class,
        Output.class);
  }

  @Override
  public Preview preview(Input in, Look look) {
    var database = SqlDatabase.of(in, look);
    var preview = Preview.of(database.effect());
    try {
      var sql = SqlText.of(in, look);
      preview.identity("sha256", sql.sha256()).foresees("sha256", sql.sha256());
      judge(sql, sql.script(in.transaction()), preview);
      show(in, sql, database.shown(), look, preview);
    } catch (IOException e) {
      preview.problem(unreadable(in, e));
    }
    database.judge(in, preview);
    if (look.held().contains(new Claim.ContentVerified(database.shown()))) {
      preview.warning(
          "after this, what "
              + database.shown()
              + " holds is not what the backup holds;"
              + " they were compared before");
    }
    return preview.build();
  }

  /** Who masks with an empty file has masked nothing, and would not be told. */
  private static void judge(SqlText sql, SqlScript script, Preview.Builder preview) {
    script.problems().forEach(preview::problem);
    if (script.problems().isEmpty() && script.statements().isEmpty()) {
      preview.problem(
          sql.from() + " holds no statement",
          "is it the right one? a step without SQL is left out");
    }
  }

  private static void show(
      Input in, SqlText sql, String database, Look look, Preview.Builder preview) {
    var lines = look.masking().mask(sql.text().strip()).lines().toList();
    preview.command(
        "in " + database + (in.transaction() ? ", in one transaction: " : ": ") + sql.from());
    lines.stream().limit(MOST_LINES).forEach(preview::command);
    if (lines.size() > MOST_LINES) {
      preview.command("… and " + (lines.size() - MOST_LINES) + " more lines");
    }
  }

  private static Problem unreadable(Input in, IOException e) {
    return Problem.of(
        "the SQL file '" + in.file().orElse("") + "' can't be read: " + e.getMessage(),
        "paths start in the project folder");
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look) throws StepFailed {
    var sql = read(in, look);
    var planned =
        Optional.ofNullable(look.foreseen().get("sha256"))
            .or(() -> earlier.map(Intent::sha256))
            .orElse(sql.sha256());
    if (!sql.sha256().equals(planned)) {
      throw changed(sql);
    }
    var mark = in.transaction() ? TransactionMark.place(look).toString() : "";
    return new Intent(planned, SqlDatabase.of(in, look).checked(in), mark);
  }

  private static SqlText read(Input in, Look look) throws StepFailed {
    try {
      return SqlText.of(in, look);
    } catch (IOException e) {
      var problem = unreadable(in, e);
      throw new StepFailed(problem.what(), problem.hint(), e);
    }
  }

  private static StepFailed changed(SqlText sql) {
    return new StepFailed(sql.from() + " changed since the plan", "plan again");
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    var sql = read(in, act);
    if (!sql.sha256().equals(intent.sha256())) {
      throw changed(sql);
    }
    var script = sql.script(in.transaction());
    if (!script.problems().isEmpty()) {
      var problem = script.problems().getFirst();
      throw new StepFailed(problem.at() + ": " + problem.what(), problem.hint(), null);
    }
    act.progress().doing(sql.from() + " in " + intent.database());
    act.log().line(script.statements().size() + " statements of " + sql.from());
    try {
      var running = new SqlRunning(act, intent.database(), script.statements());
      if (in.transaction()) {
        running.whole(new TransactionMark(Path.of(intent.mark())));
      } else {
        running.oneByOne();
      }
    } catch (PostgresException e) {
      if (!OneStatement.isRolledBack(e)) {
        throw e; // no StepFailed: that would say that nothing is left of it
      }
      throw OneStatement.failed(e, act.deadline());
    }
    return new Output(intent.database(), intent.sha256(), script.statements().size());
  }

  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    if (!in.transaction()) {
      return in.repeatable()
          ? new Observed.NotDone<>()
          : new Observed.Unknown<>(
              "nobody can tell how far the statements came; those that may run twice are marked"
                  + " repeatable: true");
    }
    return switch (new TransactionMark(Path.of(intent.mark())).found(look)) {
      case COMMITTED ->
          new Observed.Done<>(new Output(intent.database(), intent.sha256(), count(in, look)));
      case NOT_COMMITTED -> new Observed.NotDone<>();
      case UNKNOWN ->
          new Observed.Unknown<>(
              "the server no longer knows whether the transaction was committed");
    };
  }

  private static int count(Input in, Look look) {
    try {
      return SqlText.of(in, look).script(true).statements().size();
    } catch (IOException _) {
      return 0; // the file is gone; what it did is not
    }
  }
}
