package pgrunbook.actions;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
import pgrunbook.postgres.CreateDatabase;
import pgrunbook.postgres.DatabaseFacts;
import pgrunbook.postgres.DiskSpace;

/**
 * <code>postgres.copy</code>: a copy of the database in use, made by the server from its files; the
 * way back of what changes the database in place.
 */
final class PostgresCopy
    implements Action<PostgresCopy.Input, PostgresCopy.Intent, PostgresCopy.Output> {
  record Input() {}

  /**
   * What is copied, whatever it is called by the time somebody looks.
   *
   * @param statements make the copy; the first one the whole of it
   */
  record Intent(String database, long oid, boolean wasOpen, String copy, List<String> statements) {}

  record Output(String database, long oid) {}

  @Override
  public Kind<Input, Intent, Output> kind() {
    return new Kind<>(
        "postgres.copy",
        1,
        "copies the database in use on its server, as the way back of what changes it in place",
        Input.class,
        Intent.class,
        Output.class);
  }

  @Override
  public Preview preview(Input in, Look look) {
    var preview = Preview.of(Effect.MUTATING);
    var name = look.target().database();
    var current = Private.model(look, preview);
    if (current.isEmpty()) {
      return preview.build();
    }
    preview.identity("oid of " + name, current.get().oid());
    Blockers.findUses(look, current.get(), preview);
    disk(current.get(), look, preview);
    preview.command(Private.allowConnections(name, false));
    copying(current.get(), look).forEach(sql -> preview.command(look.masking().mask(sql)));
    if (current.get().allowConnections()) {
      preview.command(Private.allowConnections(name, true));
    }
    return preview.leaves(new Claim.SafetyCopy(name)).build();
  }

  private static void disk(DatabaseFacts current, Look look, Preview.Builder preview) {
    var needed = current.bytes();
    if (needed.isEmpty()) {
      preview.unknown("the size of " + current.name() + ": this role may not ask");
      return;
    }
    switch (look.cluster().disk(current.name())) {
      case DiskSpace.Unknown(var why) ->
          preview.unknown(
              "free disk of the server: "
                  + why
                  + "; the copy needs "
                  + Amounts.bytes(needed.get()));
      case DiskSpace.Known(var free, var _) -> {
        var what = Amounts.bytes(free) + " free, the copy needs " + Amounts.bytes(needed.get());
        preview.fact("disk of the server", what);
        if (free < needed.get()) {
          preview.problem(
              "the server's disk has " + what, "free some space, or use postgres.backup");
        }
      }
    }
  }

  private static List<String> copying(DatabaseFacts current, Look look) {
    var copy = Private.copy(current.name(), look.run());
    var statements = new ArrayList<String>();
    statements.add(CreateDatabase.copy(current, copy, look.cluster().server().major()));
    statements.addAll(look.cluster().properties(current.name()).statementsFor(copy));
    statements.add(Private.allowConnections(copy, false));
    return statements;
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look) throws StepFailed {
    if (earlier.isPresent()) {
      return earlier.get();
    }
    var current = Private.production(look);
    return new Intent(
        current.name(),
        current.oid(),
        current.allowConnections(),
        Private.copy(current.name(), look.run()),
        copying(current, look));
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    var source = act.cluster().databaseByOid(intent.oid());
    if (source.filter(it -> it.name().equals(intent.database())).isEmpty()) {
      throw new StepFailed(
          intent.database() + " is not the database any more that was to be copied",
          "look who changed it, then 'rollback'");
    }
    Private.dropIfThere(act, intent.copy());
    try {
      Private.ended(act, intent.database());
      Statements.execute(act, intent.statements());
    } finally {
      if (intent.wasOpen()) {
        Private.reopen(act, intent.database());
      }
    }
    return output(intent, act)
        .orElseThrow(() -> new StepFailed("the copy " + intent.copy() + " is gone"));
  }

  private static Optional<Output> output(Intent intent, Look look) {
    return look.cluster()
        .database(intent.copy())
        .filter(it -> !it.invalid())
        .map(it -> new Output(it.name(), it.oid()));
  }

  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    var source = look.cluster().databaseByOid(intent.oid());
    if (source.isEmpty()) {
      return new Observed.Unknown<>("the database with oid " + intent.oid() + " is gone");
    }
    var closed = intent.wasOpen() && !source.get().allowConnections();
    var copy = look.cluster().database(intent.copy());
    if (copy.isEmpty() && !closed) {
      return new Observed.NotDone<>();
    }
    var whole = copy.filter(it -> !it.invalid() && !it.allowConnections()).isPresent();
    return whole && !closed
        ? new Observed.Done<>(output(intent, look).orElseThrow())
        : new Observed.Partly<>(
            closed
                ? intent.database() + " accepts no connections"
                : intent.copy() + " is there, but not all of its properties");
  }

  @Override
  public Optional<Call> undo(Input in, Look look) {
    var with = new LinkedHashMap<String, String>();
    with.put("database", "${step.intent.database}");
    with.put("oid", "${step.intent.oid}");
    with.put("was_open", "${step.intent.was_open}");
    with.put("copy", "${step.intent.copy}");
    with.put("copy_oid", "${step.output.oid ?? 0}");
    return Optional.of(new Call("postgres.use_copy", with));
  }
}
