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
import pgrunbook.expression.Late;
import pgrunbook.postgres.DatabaseFacts;
import pgrunbook.postgres.Identifiers;
import pgrunbook.yaml.Doc;

/**
 * <code>postgres.publish</code>: gives a private database the production name. Where a database
 * still has that name it is set aside in the same transaction, so that at every moment exactly one
 * of the two is found under it.
 */
final class PostgresPublish
    implements Action<PostgresPublish.Input, PostgresPublish.Intent, PostgresPublish.Output> {
  record Input(
      @Doc("private database that gets the production name") Late<String> database,
      @Doc("why it may be published although its content was not verified")
          Optional<String> unverified) {}

  /**
   * Both databases by oid.
   *
   * @param occupantOid the database that had the production name; 0 where there was none
   * @param occupantName what it is called afterwards
   * @param keptOid the database that this run had set aside before; 0 where there was none
   */
  record Intent(
      String target,
      String database,
      long oid,
      long occupantOid,
      String occupantName,
      boolean occupantWasOpen,
      long keptOid) {}

  record Output(String database, long oid, Optional<String> old) {}

  @Override
  public Kind<Input, Intent, Output> kind() {
    return new Kind<>(
        "postgres.publish",
        2,
        "gives a private database the production name",
        Input.class,
        Intent.class,
        Output.class);
  }

  @Override
  public Preview preview(Input in, Look look) {
    var target = look.target().database();
    var shown = in.database().shown();
    var free = isFree(look, target);
    var preview = Preview.of(free ? Effect.MUTATING : Effect.DESTRUCTIVE);
    if (in.database() instanceof Late.Known<String>(var name) && name.equals(target)) {
      preview.problem(name + " already has the production name", "publish a private database");
    }
    preview.needs(new Claim.Restored(shown));
    if (in.unverified().isEmpty()) {
      preview.needs(new Claim.ContentVerified(shown));
    }
    in.unverified().ifPresent(why -> preview.warning("published without verification: " + why));
    var occupant = look.cluster().database(target);
    preview.command("BEGIN");
    if (!free && occupant.isPresent()) {
      preview.identity("oid of " + target, occupant.get().oid());
      new Rights(look, preview).making(occupant.get());
      Blockers.find(look, occupant.get(), false, preview);
      SafetyCosts.show(occupant.get(), preview);
      preview.command(Private.rename(target, Private.setAside(target, look.run())));
      preview.leaves(new Claim.OldKept(target));
    }
    preview.command("ALTER DATABASE " + shown + " RENAME TO " + Identifiers.quote(target));
    preview.command(Private.allowConnections(target, true));
    preview.command("COMMIT");
    preview.leaves(new Claim.Pays("name:" + target));
    return preview.build();
  }

  /** Whether an earlier step has taken the production name away. */
  static boolean isFree(Look look, String target) {
    return look.held().stream()
        .anyMatch(
            claim -> claim instanceof Claim.Owes(var id, var _) && id.equals("name:" + target));
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look) throws StepFailed {
    if (earlier.isPresent()) {
      return earlier.get();
    }
    var target = look.target().database();
    var name = in.database().get();
    var mine =
        look.cluster()
            .database(name)
            .orElseThrow(
                () -> new StepFailed("there is no database " + name, "was it restored into?"));
    if (mine.invalid()) {
      throw new StepFailed(
          name + " is what an interrupted DROP DATABASE has left", "roll back, then run again");
    }
    var occupant = look.cluster().database(target);
    return new Intent(
        target,
        name,
        mine.oid(),
        occupant.map(DatabaseFacts::oid).orElse(0L),
        Private.setAside(target, look.run()),
        occupant.map(DatabaseFacts::allowConnections).orElse(false),
        look.cluster()
            .database(Private.setAside(target, look.run()))
            .map(DatabaseFacts::oid)
            .orElse(0L));
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    var occupant = act.cluster().databaseByOid(intent.occupantOid());
    var aside = occupant.filter(it -> it.name().equals(intent.target()));
    var mine = byOid(intent, act);
    if (aside.isPresent()) {
      refuseTakenName(intent, act);
    }
    var done = false;
    try {
      exchange(intent, mine, aside.isPresent(), act);
      done = true;
    } finally {
      if (!done && aside.isPresent() && intent.occupantWasOpen()) {
        Private.reopen(act, intent.target());
      }
    }
    return output(intent);
  }

  private static void exchange(Intent intent, DatabaseFacts mine, boolean aside, Act act)
      throws StepFailed, InterruptedException {
    var statements = new ArrayList<String>();
    if (!mine.name().equals(intent.target())) {
      Private.ended(act, mine.name());
      if (aside) {
        statements.addAll(changedSince(intent.target(), mine.name(), act));
        Private.ended(act, intent.target());
        statements.add(Private.rename(intent.target(), intent.occupantName()));
      }
      statements.add(Private.rename(mine.name(), intent.target()));
    }
    statements.add(Private.allowConnections(intent.target(), true));
    Statements.executeAsOne(act, statements);
  }

  /** Privileges and settings that somebody gave to the one in use while the other was restored. */
  private static List<String> changedSince(String used, String mine, Act act) {
    return act.cluster().properties(used).statementsFor(mine, act.cluster().properties(mine));
  }

  private static void refuseTakenName(Intent intent, Act act) throws StepFailed {
    if (act.cluster().database(intent.occupantName()).isPresent()) {
      throw new StepFailed(
          "there already is a database " + intent.occupantName(),
          "this run has set one aside under that name before; drop or rename it");
    }
  }

  private static DatabaseFacts byOid(Intent intent, Act act) throws StepFailed {
    return act.cluster()
        .databaseByOid(intent.oid())
        .orElseThrow(() ->
            new StepFailed(
                "the database with oid " + intent.oid() + " is gone",
                "somebody dropped it; 'rollback' gives the old one its name back"));
  }

  private static Output output(Intent intent) {
    var old =
        intent.occupantOid() == 0 ? Optional.<String>empty() : Optional.of(intent.occupantName());
    return new Output(intent.target(), intent.oid(), old);
  }

  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    var mine = look.cluster().databaseByOid(intent.oid());
    if (mine.isEmpty()) {
      return new Observed.Unknown<>("the database with oid " + intent.oid() + " is gone");
    }
    if (mine.get().name().equals(intent.target())) {
      return mine.get().allowConnections()
          ? new Observed.Done<>(output(intent))
          : new Observed.Partly<>("it has the name, and accepts no connections yet");
    }
    return mine.get().allowConnections()
        ? new Observed.NotDone<>()
        : new Observed.Partly<>("connections are off, the names are unchanged");
  }

  @Override
  public Optional<Call> undo(Input in, Look look) {
    var with = new LinkedHashMap<String, String>();
    with.put("target", "${step.intent.target}");
    with.put("oid", "${step.intent.oid}");
    with.put("private_name", "${step.intent.database}");
    with.put("occupant_oid", "${step.intent.occupant_oid}");
    with.put("occupant_was_open", "${step.intent.occupant_was_open}");
    with.put("kept_oid", "${step.intent.kept_oid}");
    return Optional.of(new Call("postgres.unpublish", with));
  }
}
