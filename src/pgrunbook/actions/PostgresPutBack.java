package pgrunbook.actions;

import java.util.ArrayList;
import java.util.List;
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

  record Intent(String database, long oldOid, String privateName) {}

  record Output(String database, long oid, boolean restored, List<String> lost) {}

  @Override
  public Kind<Input, Intent, Output> kind() {
    return new Kind<>(
        "postgres.put_back",
        1,
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
    return new Intent(in.database().get(), in.oldOid().get(), in.privateName().get());
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    var old = act.cluster().databaseByOid(intent.oldOid());
    if (old.isPresent()) {
      return renamedBack(in, intent, old.get(), act);
    }
    return restored(in, intent, act);
  }

  private static Output renamedBack(Input in, Intent intent, DatabaseFacts old, Act act)
      throws StepFailed, InterruptedException {
    var statements = new ArrayList<String>();
    if (!old.name().equals(intent.database())) {
      refuseOccupied(intent, act);
      statements.add(Private.rename(old.name(), intent.database()));
    }
    statements.add(Private.allowConnections(intent.database(), in.wasOpen().get()));
    Private.executeAsOne(act, statements);
    dropPrivate(intent, act);
    return new Output(intent.database(), old.oid(), false, List.of());
  }

  private static void refuseOccupied(Intent intent, Act act) throws StepFailed {
    var occupant = act.cluster().database(intent.database());
    if (occupant.isPresent()) {
      throw new StepFailed(
          "somebody has made another database "
              + intent.database()
              + " (oid "
              + occupant.get().oid()
              + ")",
          "rename that one, then 'rollback' again");
    }
  }

  private static void dropPrivate(Intent intent, Act act) throws StepFailed, InterruptedException {
    var mine = act.cluster().database(intent.privateName());
    if (mine.isEmpty()) {
      return;
    }
    if (!Private.belongsTo(intent.privateName(), intent.database(), act.run())) {
      throw new StepFailed(
          intent.privateName() + " is not the private database of this run",
          "only a database that the run itself has made is dropped");
    }
    Private.drop(act, mine.get());
  }

  /** The old database was dropped: what the safety backup holds is all there is. */
  private static Output restored(Input in, Intent intent, Act act)
      throws StepFailed, InterruptedException {
    var current = act.cluster().database(intent.database());
    if (current.isEmpty()) {
      dropPrivate(intent, act);
      Private.execute(act, in.statements().get());
      SafetyBackups.restore(intent.database(), intent.privateName(), act);
      var publish = new ArrayList<String>();
      Private.ended(act, intent.privateName(), act.cluster());
      publish.add(Private.rename(intent.privateName(), intent.database()));
      publish.add(Private.allowConnections(intent.database(), in.wasOpen().get()));
      Private.executeAsOne(act, publish);
      current = act.cluster().database(intent.database());
    }
    var lost =
        List.of(
            "the oid was " + intent.oldOid() + ", is " + current.map(DatabaseFacts::oid).orElse(0L),
            "statistics were gathered anew",
            "what was written after the safety backup's snapshot is lost");
    return new Output(intent.database(), current.map(DatabaseFacts::oid).orElse(0L), true, lost);
  }

  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    var old = look.cluster().databaseByOid(intent.oldOid());
    var mine = look.cluster().database(intent.privateName());
    var back =
        old.isPresent()
            && old.get().name().equals(intent.database())
            && old.get().allowConnections() == in.wasOpen().get();
    if (back && mine.isEmpty()) {
      return new Observed.Done<>(new Output(intent.database(), intent.oldOid(), false, List.of()));
    }
    return new Observed.Partly<>(
        back ? intent.privateName() + " is still there" : "the old database is not back yet");
  }
}
