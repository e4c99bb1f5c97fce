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
import pgrunbook.yaml.Doc;

/** <code>postgres.drop_private</code>: the way back of <code>postgres.create</code>. */
final class PostgresDropPrivate
    implements Action<
        PostgresDropPrivate.Input, PostgresDropPrivate.Intent, PostgresDropPrivate.Output> {
  record Input(@Doc("name that this run gave to its private database") Late<String> database) {}

  record Intent(String database) {}

  record Output(String database) {}

  @Override
  public Kind<Input, Intent, Output> kind() {
    return new Kind<>(
        "postgres.drop_private",
        1,
        "drops the private database that this run has made",
        Input.class,
        Intent.class,
        Output.class);
  }

  @Override
  public Preview preview(Input in, Look look) {
    var shown =
        in.database() instanceof Late.Known<String>(var name)
            ? Identifiers.quote(name)
            : in.database().shown();
    return Preview.of(Effect.MUTATING).command("DROP DATABASE " + shown).build();
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look) throws StepFailed {
    var name = in.database().get();
    if (!Private.belongsTo(name, look.target().database(), look.run())) {
      throw Private.notOwn(name);
    }
    return new Intent(name);
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    Private.dropOwn(act, intent.database());
    return new Output(intent.database());
  }

  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    return Private.ownDatabases(look).isEmpty()
        ? new Observed.Done<>(new Output(intent.database()))
        : new Observed.NotDone<>();
  }
}
