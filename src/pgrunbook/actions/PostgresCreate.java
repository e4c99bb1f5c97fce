package pgrunbook.actions;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import pgrunbook.action.Act;
import pgrunbook.action.Action;
import pgrunbook.action.Call;
import pgrunbook.action.Claim;
import pgrunbook.action.Effect;
import pgrunbook.action.Kind;
import pgrunbook.action.Look;
import pgrunbook.action.Observed;
import pgrunbook.action.Preview;
import pgrunbook.action.StepFailed;

/** <code>postgres.create</code>: an empty private database beside the one that is in use. */
final class PostgresCreate
    implements Action<PostgresCreate.Input, PostgresCreate.Intent, PostgresCreate.Output> {
  record Input() {}

  record Intent(String database, List<String> statements) {}

  record Output(String database) {}

  @Override
  public Kind<Input, Intent, Output> kind() {
    return new Kind<>(
        "postgres.create",
        1,
        "makes an empty private database like the one in use, to restore into",
        Input.class,
        Intent.class,
        Output.class);
  }

  @Override
  public Preview preview(Input in, Look look) {
    var preview = Preview.of(Effect.MUTATING);
    var current = Private.model(look, preview);
    if (current.isEmpty()) {
      return preview.build();
    }
    var mine = Private.restoring(current.get().name(), look.run());
    Private.creating(look.cluster(), current.get(), mine)
        .forEach(sql -> preview.command(look.masking().mask(sql)));
    preview.leaves(new Claim.DatabaseEmpty("‹steps." + look.run().step() + ".database›"));
    return preview.build();
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look) throws StepFailed {
    if (earlier.isPresent()) {
      return earlier.get();
    }
    var mine = Private.restoring(look.target().database(), look.run());
    return new Intent(mine, Private.creating(look.cluster(), Private.production(look), mine));
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    Private.dropIfThere(act, intent.database());
    Statements.execute(act, intent.statements());
    return new Output(intent.database());
  }

  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    var found = look.cluster().database(intent.database());
    if (found.isEmpty()) {
      return new Observed.NotDone<>();
    }
    var given = look.cluster().properties(intent.database()).statementsFor(intent.database());
    return intent.statements().subList(1, intent.statements().size()).equals(given)
        ? new Observed.Done<>(new Output(intent.database()))
        : new Observed.Partly<>(intent.database() + " is there, but not all of its properties");
  }

  @Override
  public Optional<Call> undo(Input in, Look look) {
    return Optional.of(
        new Call("postgres.drop_private", Map.of("database", "${step.intent.database}")));
  }
}
