package pgrunbook.actions;

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
import pgrunbook.postgres.Identifiers;
import pgrunbook.postgres.PostgresException;
import pgrunbook.yaml.Doc;

/** <code>postgres.drop_extension</code>: the way back of <code>postgres.extension</code>. */
final class PostgresDropExtension
    implements Action<
        PostgresDropExtension.Input, PostgresDropExtension.Intent, PostgresDropExtension.Output> {
  record Input(
      @Doc("database that has it") Late<String> database,
      @Doc("name of the extension") Late<String> extension,
      @Doc("whether this run has created it; otherwise it stays") Late<Boolean> created) {}

  record Intent(String database, String extension, boolean drop) {}

  record Output(String extension, boolean dropped) {}

  @Override
  public Kind<Input, Intent, Output> kind() {
    return new Kind<>(
        "postgres.drop_extension",
        1,
        "drops an extension that this run has created, where nothing uses it",
        Input.class,
        Intent.class,
        Output.class);
  }

  @Override
  public Preview preview(Input in, Look look) {
    return Preview.of(Effect.MUTATING)
        .command(
            "DROP EXTENSION %s RESTRICT  -- in %s, if the run has created it"
                .formatted(in.extension().shown(), in.database().shown()))
        .build();
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look) {
    return new Intent(in.database().get(), in.extension().get(), in.created().get());
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    if (!intent.drop() || isGone(intent, act)) {
      act.log().line("it was there before, or is gone: nothing to drop");
      return new Output(intent.extension(), false);
    }
    var sql = "DROP EXTENSION " + Identifiers.quote(intent.extension()) + " RESTRICT";
    act.log().line(sql + "  -- in " + intent.database());
    try {
      act.cluster().execute(intent.database(), sql);
    } catch (PostgresException e) {
      throw Statements.failed(act, sql, e);
    }
    return new Output(intent.extension(), true);
  }

  private static boolean isGone(Intent intent, Look look) {
    return look.cluster().database(intent.database()).isEmpty()
        || ExtensionState.of(look.cluster(), intent.database(), intent.extension())
            .installed()
            .isEmpty();
  }

  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    return !intent.drop() || isGone(intent, look)
        ? new Observed.Done<>(new Output(intent.extension(), intent.drop()))
        : new Observed.NotDone<>();
  }
}
