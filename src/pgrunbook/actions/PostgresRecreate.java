package pgrunbook.actions;

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
import pgrunbook.postgres.DatabaseFacts;
import pgrunbook.postgres.Identifiers;
import pgrunbook.yaml.Default;
import pgrunbook.yaml.Doc;

/**
 * <code>postgres.recreate</code>: an empty private database, and the one in use set aside or
 * dropped. The private one is made first: whatever fails then, nothing was taken away yet.
 */
final class PostgresRecreate
    implements Action<PostgresRecreate.Input, PostgresRecreate.Intent, PostgresRecreate.Output> {
  record Input(
      @Doc("rename the database in use instead of dropping it: the exact way back") @Default("true")
          boolean keepOld,
      @Doc("why it may be dropped without any backup of it") Optional<String> noWayBack) {}

  /**
   * What identifies both databases, whatever they are called by the time somebody looks.
   *
   * @param statements make the private database
   */
  record Intent(
      String database,
      long oldOid,
      String oldName,
      boolean keepOld,
      boolean wasOpen,
      String privateName,
      List<String> statements) {}

  /**
   * What there is now.
   *
   * @param writtenSince what was, or may have been, written to the old database after its safety
   *     backup, where somebody looked and it is kept
   */
  record Output(
      String database, Optional<String> old, long oldOid, Optional<String> writtenSince) {}

  @Override
  public Kind<Input, Intent, Output> kind() {
    return new Kind<>(
        "postgres.recreate",
        1,
        "sets the database in use aside (or drops it) and makes an empty private one",
        Input.class,
        Intent.class,
        Output.class);
  }

  @Override
  public Preview preview(Input in, Look look) {
    var preview = Preview.of(Effect.DESTRUCTIVE);
    var name = look.target().database();
    var current = Private.model(look, preview);
    if (current.isEmpty()) {
      return preview.build();
    }
    preview.identity("oid of " + name, current.get().oid());
    Blockers.find(look, current.get(), !in.keepOld(), preview);
    SafetyCosts.show(current.get(), preview);
    var mine = Private.restoring(name, look.run());
    Private.creating(look.cluster(), current.get(), mine)
        .forEach(sql -> preview.command(look.masking().mask(sql)));
    preview.command(Private.allowConnections(name, false));
    claims(in, look, name, preview);
    return preview.build();
  }

  private static void claims(Input in, Look look, String name, Preview.Builder preview) {
    var aside = Private.setAside(name, look.run());
    if (in.keepOld()) {
      preview.command(Private.rename(name, aside));
      preview.leaves(new Claim.OldKept(name));
    } else {
      preview.command(drop(name));
      if (in.noWayBack().isEmpty()) {
        preview.needs(new Claim.WayBack(name));
      }
      in.noWayBack().ifPresent(why -> preview.warning("there is no way back: " + why));
    }
    var owed = in.keepOld() ? " (it is kept as " + aside + ")" : "";
    preview.leaves(new Claim.DatabaseEmpty("‹steps." + look.run().step() + ".database›"));
    preview.leaves(new Claim.Owes("name:" + name, "no database is named " + name + owed));
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look) throws StepFailed {
    if (earlier.isPresent()) {
      return earlier.get();
    }
    var current = Private.production(look);
    var name = current.name();
    if (current.invalid()) {
      throw cutShort(name);
    }
    var mine = Private.restoring(name, look.run());
    return new Intent(
        name,
        current.oid(),
        Private.setAside(name, look.run()),
        in.keepOld(),
        current.allowConnections(),
        mine,
        Private.creating(look.cluster(), current, mine));
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    var old = act.cluster().databaseByOid(intent.oldOid());
    if (old.isPresent() && old.get().name().equals(intent.database())) {
      makePrivate(intent, act);
      return output(intent, takeAway(in, intent, old.get(), act));
    }
    refuseLost(intent, old);
    if (act.cluster().database(intent.privateName()).filter(it -> !it.invalid()).isEmpty()) {
      Private.makeWhole(act, intent.privateName(), intent.statements());
    }
    return output(intent, Optional.empty());
  }

  private static StepFailed cutShort(String name) {
    return new StepFailed(
        name + " is what an interrupted DROP DATABASE has left",
        "nothing in it can be kept: DROP DATABASE it yourself");
  }

  private static void makePrivate(Intent intent, Act act) throws StepFailed, InterruptedException {
    Private.dropIfThere(act, intent.privateName());
    Statements.execute(act, intent.statements());
  }

  /** The old database is away already: it has to be where this run put it. */
  private static void refuseLost(Intent intent, Optional<DatabaseFacts> old) throws StepFailed {
    var there = old.map(DatabaseFacts::name);
    if (!there.equals(intent.keepOld() ? Optional.of(intent.oldName()) : Optional.empty())) {
      throw new StepFailed(
          "the database with oid "
              + intent.oldOid()
              + there.map(name -> " is now named " + name).orElse(" is gone"),
          "look who changed it, then 'rollback'");
    }
  }

  /**
   * What was written since the safety backup. Where it fails, the database is as open as it was.
   */
  private static Optional<String> takeAway(Input in, Intent intent, DatabaseFacts old, Act act)
      throws StepFailed, InterruptedException {
    if (old.invalid()) {
      dropTheRest(intent, old, act);
      return Optional.empty();
    }
    if (intent.keepOld()) {
      refuseTaken(intent, act);
    }
    var done = false;
    try {
      var ended = Private.ended(act, old.name());
      act.log().line("closed " + old.name() + " and ended " + ended + " session(s)");
      var written =
          intent.keepOld() ? SafetyBackups.writesSince(old.name(), act) : Optional.<String>empty();
      if (!intent.keepOld() && in.noWayBack().isEmpty()) {
        SafetyBackups.refuseWritesSince(old.name(), act);
      }
      Statements.execute(
          act,
          List.of(
              intent.keepOld() ? Private.rename(old.name(), intent.oldName()) : drop(old.name())));
      done = true;
      written.ifPresent(what -> act.log().line("since the safety backup: " + what));
      return written;
    } finally {
      if (!done && intent.wasOpen()) {
        Private.reopen(act, old.name());
      }
    }
  }

  /** An earlier attempt's DROP was cut short: nobody can use what it has left. */
  private static void dropTheRest(Intent intent, DatabaseFacts old, Act act)
      throws StepFailed, InterruptedException {
    if (intent.keepOld()) {
      throw cutShort(old.name());
    }
    Statements.execute(act, List.of(drop(old.name())));
  }

  private static void refuseTaken(Intent intent, Act act) throws StepFailed {
    if (act.cluster().database(intent.oldName()).isPresent()) {
      throw new StepFailed(
          "a database " + intent.oldName() + " already exists", "rename it or drop it");
    }
  }

  private static String drop(String name) {
    return "DROP DATABASE " + Identifiers.quote(name);
  }

  private static Output output(Intent intent, Optional<String> written) {
    var old = intent.keepOld() ? Optional.of(intent.oldName()) : Optional.<String>empty();
    return new Output(intent.privateName(), old, intent.oldOid(), written);
  }

  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    var old = look.cluster().databaseByOid(intent.oldOid());
    var mine =
        look.cluster().database(intent.privateName()).filter(database -> !database.invalid());
    var named = old.map(DatabaseFacts::name).orElse("");
    if (old.filter(DatabaseFacts::invalid).isPresent()) {
      var what = "the drop of " + named + " was cut short: nobody can use it";
      return intent.keepOld() ? new Observed.Unknown<>(what) : new Observed.Partly<>(what);
    }
    var takenAway = intent.keepOld() ? named.equals(intent.oldName()) : old.isEmpty();
    if (takenAway) {
      return mine.isPresent()
          ? new Observed.Done<>(output(intent, Optional.empty()))
          : new Observed.Partly<>("the old database is away, the new one is not there");
    }
    if (!named.equals(intent.database())) {
      return new Observed.Unknown<>(
          old.isEmpty()
              ? "the database with oid " + intent.oldOid() + " is gone"
              : "the database with oid " + intent.oldOid() + " is now named " + named);
    }
    var untouched = mine.isEmpty() && old.get().allowConnections() == intent.wasOpen();
    return untouched
        ? new Observed.NotDone<>()
        : new Observed.Partly<>(
            mine.isPresent() ? intent.privateName() + " is there" : "connections are off");
  }

  @Override
  public Optional<Call> undo(Input in, Look look) {
    var with = new LinkedHashMap<String, String>();
    with.put("database", "${step.intent.database}");
    with.put("old_oid", "${step.intent.old_oid}");
    with.put("old_name", "${step.intent.old_name}");
    with.put("was_open", "${step.intent.was_open}");
    with.put("private_name", "${step.intent.private_name}");
    with.put("statements", "${step.intent.statements}");
    return Optional.of(new Call("postgres.put_back", with));
  }
}
