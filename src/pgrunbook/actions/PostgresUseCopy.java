package pgrunbook.actions;

import java.util.ArrayList;
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
 * <code>postgres.use_copy</code>: the way back of <code>postgres.copy</code>. The copy gets the
 * name; what has changed since is kept under another one, for somebody may have written into it.
 */
final class PostgresUseCopy
    implements Action<PostgresUseCopy.Input, PostgresUseCopy.Intent, PostgresUseCopy.Output> {
  record Input(
      @Doc("production name") Late<String> database,
      @Doc("oid of the database that was copied") Late<Long> oid,
      @Doc("whether it accepted connections") Late<Boolean> wasOpen,
      @Doc("name that the run gave to the copy") Late<String> copy,
      @Doc("oid of the copy; 0 where it was not finished, so that nothing has changed since")
          Late<Long> copyOid) {}

  /**
   * Both databases by oid.
   *
   * @param copyOid 0 where it was not finished
   */
  record Intent(
      String database, long oid, boolean wasOpen, String copy, long copyOid, String keptAs) {}

  record Output(String database, Optional<String> keptAs) {}

  @Override
  public Kind<Input, Intent, Output> kind() {
    return new Kind<>(
        "postgres.use_copy",
        1,
        "gives the copy that this run has made the production name",
        Input.class,
        Intent.class,
        Output.class);
  }

  @Override
  public Preview preview(Input in, Look look) {
    var name = in.database().shown();
    var preview =
        Preview.of(Effect.MUTATING)
            .command("ALTER DATABASE %s RENAME TO %s".formatted(name, keptAs(look)))
            .command("ALTER DATABASE %s RENAME TO %s".formatted(in.copy().shown(), name));
    if (in.copyOid() instanceof Late.Known<Long>) {
      try {
        intend(in, Optional.empty(), look);
      } catch (StepFailed e) {
        preview.problem(String.valueOf(e.getMessage()), e.hint().orElse("see 'status'"));
      }
    }
    return preview.build();
  }

  private static String keptAs(Look look) {
    return Private.undone(look.target().database(), look.run());
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look) throws StepFailed {
    if (earlier.isPresent()) {
      return earlier.get();
    }
    var name = in.database().get();
    var made = Private.copy(name, look.run());
    if (!in.copy().get().equals(made)) {
      throw new StepFailed(
          in.copy().get() + " is no copy of this run", "it would be called " + made);
    }
    long copyOid = in.copyOid().get();
    var intent = new Intent(name, in.oid().get(), in.wasOpen().get(), made, copyOid, keptAs(look));
    if (copyOid != 0) {
      byOid(intent, look);
    }
    return intent;
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    var statements = new ArrayList<String>();
    var named = act.cluster().database(intent.database());
    if (intent.copyOid() == 0) {
      act.log().line("nothing was changed since the copy was begun");
      Private.dropIfThere(act, intent.copy());
      statements.add(Private.allowConnections(intent.database(), intent.wasOpen()));
    } else if (named.map(DatabaseFacts::oid).filter(it -> it == intent.copyOid()).isPresent()) {
      statements.add(Private.allowConnections(intent.database(), intent.wasOpen()));
    } else {
      var copy = byOid(intent, act);
      refuseAnother(intent, named);
      if (named.isPresent()) {
        Private.ended(act, intent.database());
        statements.add(Private.rename(intent.database(), intent.keptAs()));
      }
      statements.add(Private.rename(copy.name(), intent.database()));
      statements.add(Private.allowConnections(intent.database(), intent.wasOpen()));
    }
    Statements.executeAsOne(act, statements);
    return output(intent);
  }

  private static DatabaseFacts byOid(Intent intent, Look look) throws StepFailed {
    return look.cluster()
        .databaseByOid(intent.copyOid())
        .filter(it -> !it.invalid())
        .orElseThrow(() ->
            new StepFailed(
                "the copy %s (oid %d) is gone".formatted(intent.copy(), intent.copyOid()),
                "there is no way back but a backup"));
  }

  private static void refuseAnother(Intent intent, Optional<DatabaseFacts> named)
      throws StepFailed {
    if (named.isPresent() && named.get().oid() != intent.oid()) {
      throw new StepFailed(
          "database %s (oid %d) is not the one that was copied"
              .formatted(intent.database(), named.get().oid()),
          "a later run, or somebody else, has replaced it; undo that one first");
    }
  }

  private static Output output(Intent intent) {
    return new Output(
        intent.database(), intent.copyOid() == 0 ? Optional.empty() : Optional.of(intent.keptAs()));
  }

  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    var wanted = intent.copyOid() == 0 ? intent.oid() : intent.copyOid();
    var named = look.cluster().database(intent.database());
    return named
            .filter(it -> it.oid() == wanted && it.allowConnections() == intent.wasOpen())
            .isPresent()
        ? new Observed.Done<>(output(intent))
        : new Observed.Partly<>(intent.database() + " is not the copy yet, or closed");
  }
}
