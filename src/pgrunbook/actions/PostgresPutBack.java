package pgrunbook.actions;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import pgrunbook.action.Act;
import pgrunbook.action.Action;
import pgrunbook.action.Effect;
import pgrunbook.action.Kind;
import pgrunbook.action.Look;
import pgrunbook.action.Observed;
import pgrunbook.action.Preview;
import pgrunbook.action.StepFailed;
import pgrunbook.expression.Late;
import pgrunbook.postgres.DatabaseFacts;
import pgrunbook.yaml.Doc;

/**
 * <code>postgres.put_back</code>: the way back of <code>postgres.recreate</code>. Gives the old
 * database its name back; where it was dropped, restores the run's safety backup.
 */
final class PostgresPutBack
    implements Action<PostgresPutBack.Input, PostgresPutBack.Intent, PostgresPutBack.Output> {
  record Input(
      @Doc("production name") Late<String> database,
      @Doc("oid of the database that had it") Late<Long> oldOid,
      @Doc("name under which it was set aside") Late<String> oldName,
      @Doc("whether it accepted connections") Late<Boolean> wasOpen,
      @Doc("name of the run's private database") Late<String> privateName,
      @Doc("SQL that makes the private database") Late<List<String>> statements) {}

  /**
   * What is put back.
   *
   * @param foundOid what had the production name before the first attempt; 0 for nothing
   */
  record Intent(String database, long oldOid, String privateName, long foundOid) {}

  record Output(String database, long oid, boolean restored, List<String> lost) {}

  @Override
  public Kind<Input, Intent, Output> kind() {
    return new Kind<>(
        "postgres.put_back",
        2,
        "gives the database that was set aside its name back, or restores the safety backup",
        Input.class,
        Intent.class,
        Output.class);
  }

  @Override
  public Preview preview(Input in, Look look) {
    var name = in.database().shown();
    return Preview.of(Effect.MUTATING)
        .command("ALTER DATABASE " + in.oldName().shown() + " RENAME TO " + name)
        .command("ALTER DATABASE " + name + " ALLOW_CONNECTIONS " + in.wasOpen().shown())
        .command("DROP DATABASE IF EXISTS " + in.privateName().shown())
        .build();
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look) {
    return earlier.orElseGet(() -> {
      var name = in.database().get();
      var found = look.cluster().database(name).map(DatabaseFacts::oid).orElse(0L);
      return new Intent(name, in.oldOid().get(), in.privateName().get(), found);
    });
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    var old = act.cluster().databaseByOid(intent.oldOid());
    if (old.isPresent() && !old.get().invalid()) {
      return renamedBack(in, intent, old.get(), act);
    }
    return restored(in, intent, old, act);
  }

  private static Output renamedBack(Input in, Intent intent, DatabaseFacts old, Act act)
      throws StepFailed, InterruptedException {
    var statements = new ArrayList<String>();
    if (!old.name().equals(intent.database())) {
      refuseOccupied(intent, act);
      Private.ended(act, old.name());
      statements.add(Private.rename(old.name(), intent.database()));
    }
    statements.add(Private.allowConnections(intent.database(), in.wasOpen().get()));
    Statements.executeAsOne(act, statements);
    Private.dropOwn(act, intent.privateName());
    return new Output(intent.database(), old.oid(), false, List.of());
  }

  private static void refuseOccupied(Intent intent, Act act) throws StepFailed {
    var occupant = act.cluster().database(intent.database());
    if (occupant.isPresent()) {
      throw foreign(occupant.get(), "", null);
    }
  }

  private static StepFailed foreign(DatabaseFacts database, String why, @Nullable Throwable cause) {
    var what = "somebody has made another database " + database.name();
    return new StepFailed(
        what + " (oid " + database.oid() + ")" + why,
        Optional.of("rename that one, then 'rollback' again"),
        cause);
  }

  /** The old database was dropped: what the safety backup holds is all there is. */
  private static Output restored(Input in, Intent intent, Optional<DatabaseFacts> rest, Act act)
      throws StepFailed, InterruptedException {
    var safety = SafetyBackups.find(intent.database(), act);
    var current = named(intent, act);
    if (current.isPresent()) {
      provedOurs(in, intent, current.get(), safety, act);
    } else {
      if (rest.isPresent()) {
        Private.drop(act, rest.get()); // an interrupted DROP has left it, nobody can use it
      }
      restore(in, intent, safety, act);
    }
    Private.dropOwn(act, intent.privateName());
    var oid = named(intent, act).map(DatabaseFacts::oid).orElse(0L);
    var lost =
        List.of(
            "the oid was " + intent.oldOid() + ", is " + oid,
            "statistics were gathered anew",
            "what was written after the safety backup's snapshot is lost");
    return new Output(intent.database(), oid, true, lost);
  }

  /** What has the production name, and is not the database that had it. */
  private static Optional<DatabaseFacts> named(Intent intent, Look look) {
    return look.cluster()
        .database(intent.database())
        .filter(database -> database.oid() != intent.oldOid());
  }

  private static void restore(Input in, Intent intent, SafetyBackups.Safety safety, Act act)
      throws StepFailed, InterruptedException {
    Private.dropOwn(act, intent.privateName());
    Statements.execute(act, in.statements().get());
    safety.restore(intent.privateName(), act);
    Private.ended(act, intent.privateName());
    Statements.executeAsOne(
        act,
        List.of(
            Private.rename(intent.privateName(), intent.database()),
            Private.allowConnections(intent.database(), in.wasOpen().get())));
  }

  /**
   * An earlier attempt may have come as far as the name, and nothing tells its database from that
   * of somebody else but what it holds.
   */
  private static void provedOurs(
      Input in, Intent intent, DatabaseFacts current, SafetyBackups.Safety safety, Act act)
      throws StepFailed, InterruptedException {
    if (current.oid() == intent.foundOid()
        || current.invalid()
        || (in.wasOpen().get() && !current.allowConnections())) {
      throw foreign(current, "", null);
    }
    try {
      if (!current.allowConnections()) {
        act.cluster().openDatabase(current.name());
      }
      safety.verify(current.name(), act);
    } catch (StepFailed e) {
      throw foreign(current, ", or written into the restored one: " + e.getMessage(), e);
    } finally {
      if (!current.allowConnections()) {
        Private.ended(act, current.name());
      }
    }
    if (!in.wasOpen().get()) {
      Private.ended(act, current.name());
    }
  }

  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    var old = look.cluster().databaseByOid(intent.oldOid());
    if (old.isEmpty() || old.get().invalid()) {
      return new Observed.Partly<>(
          named(intent, look).isPresent()
              ? "nobody has compared " + intent.database() + " with the safety backup yet"
              : "the safety backup is not restored yet");
    }
    var back =
        old.get().name().equals(intent.database())
            && old.get().allowConnections() == in.wasOpen().get();
    if (!back) {
      return new Observed.Partly<>("the old database is not back yet");
    }
    var left = Private.ownDatabases(look);
    return left.isEmpty()
        ? new Observed.Done<>(new Output(intent.database(), intent.oldOid(), false, List.of()))
        : new Observed.Partly<>(left.getFirst().name() + " is still there");
  }
}
