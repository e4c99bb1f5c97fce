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
 * <code>postgres.unpublish</code>: the way back of <code>postgres.publish</code>. The published
 * database is kept under another name, for somebody may have written into it.
 */
final class PostgresUnpublish
    implements Action<PostgresUnpublish.Input, PostgresUnpublish.Intent, PostgresUnpublish.Output> {
  record Input(
      @Doc("production name") Late<String> target,
      @Doc("oid of the published database") Late<Long> oid,
      @Doc("what it was called before") Late<String> privateName,
      @Doc("oid of the database that had the production name, 0 for none") Late<Long> occupantOid,
      @Doc("whether that one accepted connections") Late<Boolean> occupantWasOpen,
      @Doc("oid of the database that this run had set aside before, 0 for none")
          Optional<Late<Long>> keptOid) {}

  record Intent(String target, long oid, String keptAs, long occupantOid) {}

  record Output(Optional<String> keptAs) {}

  @Override
  public Kind<Input, Intent, Output> kind() {
    return new Kind<>(
        "postgres.unpublish",
        1,
        "takes the production name from a published database, which is kept",
        Input.class,
        Intent.class,
        Output.class);
  }

  @Override
  public Preview preview(Input in, Look look) {
    var target = in.target().shown();
    var preview =
        Preview.of(Effect.MUTATING)
            .command("ALTER DATABASE " + target + " ALLOW_CONNECTIONS false")
            .command("ALTER DATABASE " + target + " RENAME TO " + keptAs(look));
    if (in.oid() instanceof Late.Known<Long>(var oid)) {
      wayBack(in, oid, look, preview);
    }
    return preview.build();
  }

  /** In a rollback, before anything is undone: whether the name can go back to where it was. */
  private static void wayBack(Input in, long oid, Look look, Preview.Builder preview) {
    var target = in.target().get();
    var named = look.cluster().database(target).map(DatabaseFacts::oid);
    if (named.isPresent() && named.get() != oid && !named.get().equals(in.occupantOid().get())) {
      preview.problem(
          "database "
              + target
              + " (oid "
              + named.get()
              + ") is not the one that this run published",
          "a later run, or somebody else, has replaced it; undo that one first");
    }
    try {
      var intent = new Intent(target, oid, keptAs(look), in.occupantOid().get());
      refuseNoWayBack(in, intent, named.filter(it -> it == oid).isPresent(), look);
    } catch (StepFailed e) {
      preview.problem(String.valueOf(e.getMessage()), e.hint().orElse("see 'status'"));
    }
  }

  private static String keptAs(Look look) {
    return Private.undone(look.target().database(), look.run());
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look) {
    return earlier.orElseGet(
        () -> new Intent(in.target().get(), in.oid().get(), keptAs(look), in.occupantOid().get()));
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    var mine = act.cluster().databaseByOid(intent.oid());
    var occupant = act.cluster().databaseByOid(intent.occupantOid());
    var statements = new ArrayList<String>();
    var published = mine.filter(it -> it.name().equals(intent.target()));
    refuseNoWayBack(in, intent, published.isPresent(), act);
    if (published.isPresent()) {
      if (!published.get().invalid()) {
        Private.ended(act, intent.target());
      }
      statements.add(Private.rename(intent.target(), intent.keptAs()));
    }
    if (occupant.isPresent()) {
      if (!occupant.get().name().equals(intent.target())) {
        Private.ended(act, occupant.get().name());
        statements.add(Private.rename(occupant.get().name(), intent.target()));
      }
      statements.add(Private.allowConnections(intent.target(), in.occupantWasOpen().get()));
    }
    Statements.executeAsOne(act, statements);
    return output(intent, act);
  }

  /** What has the production name keeps it, unless there is something else to have it. */
  private static void refuseNoWayBack(Input in, Intent intent, boolean published, Look look)
      throws StepFailed {
    var nothingRenamed =
        published
            ? "nothing was renamed: keep what was published, and 'abandon' the run"
            : "find out which database is to have the name, and rename it yourself";
    if (intent.occupantOid() != 0) {
      if (!isUsable(intent.occupantOid(), look)) {
        throw new StepFailed(gone(intent.occupantOid()), nothingRenamed);
      }
    } else if (published && PostgresPublish.isFree(look, intent.target())) {
      long kept = in.keptOid().map(Late::get).orElse(0L);
      if (!isUsable(kept, look) && !SafetyBackups.isThere(intent.target(), look)) {
        var what =
            kept == 0
                ? "the database that had the name " + intent.target() + " was dropped"
                : gone(kept);
        throw new StepFailed(what + ", and this run has no safety backup of it", nothingRenamed);
      }
    }
  }

  private static String gone(long oid) {
    return "the database to go back to (oid " + oid + ") is gone";
  }

  private static boolean isUsable(long oid, Look look) {
    return look.cluster().databaseByOid(oid).filter(database -> !database.invalid()).isPresent();
  }

  private static Output output(Intent intent, Look look) {
    var kept =
        look.cluster()
            .databaseByOid(intent.oid())
            .map(DatabaseFacts::name)
            .filter(List.of(intent.keptAs())::contains);
    return new Output(kept);
  }

  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    var mine = look.cluster().databaseByOid(intent.oid());
    var occupant = look.cluster().databaseByOid(intent.occupantOid());
    var away = mine.isEmpty() || !mine.get().name().equals(intent.target());
    var back =
        intent.occupantOid() == 0
            || occupant
                .filter(it -> it.name().equals(intent.target()) && !it.invalid())
                .filter(it -> it.allowConnections() == in.occupantWasOpen().get())
                .isPresent();
    return away && back
        ? new Observed.Done<>(output(intent, look))
        : new Observed.Partly<>("the production name is not given back yet");
  }
}
