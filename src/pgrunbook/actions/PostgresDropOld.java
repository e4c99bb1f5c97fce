package pgrunbook.actions;

import java.util.List;
import java.util.Optional;
import pgrunbook.action.Act;
import pgrunbook.action.Action;
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
import pgrunbook.postgres.PostgresException;
import pgrunbook.text.Bytes;
import pgrunbook.text.Problem;
import pgrunbook.yaml.Default;
import pgrunbook.yaml.Doc;

/** Drops a database that an earlier run set aside, once nobody needs it as the way back. */
public final class PostgresDropOld
    implements Action<PostgresDropOld.Input, PostgresDropOld.Intent, PostgresDropOld.Output> {

  /** What to drop, and what may happen on the way. */
  public record Input(
      @Doc("database that a run set aside, named like the environment's with _old_ and a run's id")
          Late<String> database,
      @Doc("whether sessions that are connected to it are ended") @Default("false")
          boolean endSessions,
      @Doc("why it may be dropped although this run made no safety backup")
          Optional<String> noWayBack) {}

  /**
   * Which database, whatever it will be called later.
   *
   * @param wasOpen whether it let connections in
   */
  public record Intent(long oid, String database, Optional<Long> bytes, boolean wasOpen) {}

  /**
   * What is gone.
   *
   * @param bytes how large it was; absent where the role may not ask
   */
  public record Output(String database, long oid, Optional<Long> bytes) {}

  @Override
  public Kind<Input, Intent, Output> kind() {
    return new Kind<>(
        "postgres.drop_old",
        1,
        "drops a database that an earlier run set aside",
        Input.class,
        Intent.class,
        Output.class);
  }

  @Override
  public Preview preview(Input in, Look look) {
    var preview = Preview.of(Effect.DESTRUCTIVE);
    in.noWayBack()
        .ifPresentOrElse(
            reason -> preview.warning("no way back: " + reason),
            () -> preview.needs(new Claim.SafetyBackup(look.target().database(), "")));
    switch (in.database()) {
      case Late.Pending<String>(var shown, var _) -> {
        preview.command("DROP DATABASE " + shown);
        preview.unknown("which database " + shown + " is: checked right before it is dropped");
      }
      case Late.Known<String>(var name) -> show(in, name, look, preview);
    }
    return preview.build();
  }

  private static void show(Input in, String name, Look look, Preview.Builder preview) {
    var found = SetAside.find(name, look);
    found.problem().ifPresent(preview::problem);
    if (found.database().isEmpty()) {
      return;
    }
    var database = found.database().get();
    preview.command(statement(name));
    preview.identity("oid of " + name, database.oid());
    var size = database.bytes().map(bytes -> " (" + Bytes.shown(bytes) + ")").orElse("");
    preview.headline("drops " + name + size + ", which an earlier run set aside, for good");
    SetAside.obstacles(database, in.endSessions(), look).forEach(preview::problem);
    if (look.cluster().subscriptions(name).isEmpty()) {
      preview.unknown("whether " + name + " has subscriptions: only a superuser may look");
    }
    if (in.endSessions()) {
      look.cluster()
          .sessions(name)
          .forEach(session -> preview.warning("ends the session of " + session.shown()));
    }
  }

  private static String statement(String database) {
    return "DROP DATABASE " + Identifiers.quote(database);
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look) throws StepFailed {
    if (earlier.isPresent()) {
      return earlier.get(); // by its oid it is the same database still
    }
    var found = SetAside.find(in.database().get(), look);
    if (found.database().isEmpty()) {
      throw failed(found.problem().orElseThrow());
    }
    var database = found.database().get();
    refuseObstacles(in, database, look);
    return new Intent(
        database.oid(), database.name(), database.bytes(), database.allowConnections());
  }

  private static void refuseObstacles(Input in, DatabaseFacts database, Look look)
      throws StepFailed {
    var obstacles = SetAside.obstacles(database, in.endSessions(), look);
    if (!obstacles.isEmpty()) {
      throw failed(obstacles.getFirst());
    }
  }

  private static StepFailed failed(Problem problem) {
    return new StepFailed(problem.what(), problem.hint(), null);
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    try {
      var database = act.cluster().databaseByOid(intent.oid());
      if (database.isPresent()) {
        drop(in, intent, database.get(), act);
      }
      return output(intent);
    } catch (PostgresException e) {
      throw OneStatement.failed(e, act.deadline());
    }
  }

  private static void drop(Input in, Intent intent, DatabaseFacts database, Act act)
      throws StepFailed, InterruptedException {
    if (!database.name().equals(intent.database())) {
      throw new StepFailed(renamed(intent, database), "drop it by hand if nobody needs it");
    }
    refuseObstacles(in, database, act);
    var closes = in.endSessions() && !database.invalid();
    if (closes) {
      Private.ended(act, database.name());
    }
    var done = false;
    try {
      Statements.execute(act, List.of(statement(database.name())));
      done = true;
    } finally {
      if (!done && closes && intent.wasOpen()) {
        Private.reopen(act, intent.database());
      }
    }
  }

  private static String renamed(Intent intent, DatabaseFacts now) {
    return intent.database() + " (oid " + intent.oid() + ") is called " + now.name() + " now";
  }

  private static Output output(Intent intent) {
    return new Output(intent.database(), intent.oid(), intent.bytes());
  }

  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    var found = look.cluster().databaseByOid(intent.oid());
    if (found.isEmpty()) {
      return new Observed.Done<>(output(intent));
    }
    var database = found.get();
    if (!database.name().equals(intent.database())) {
      return new Observed.Unknown<>(renamed(intent, database));
    }
    if (database.invalid()) {
      return new Observed.Partly<>("the drop was cut short: nobody can use " + database.name());
    }
    return intent.wasOpen() && !database.allowConnections()
        ? new Observed.Partly<>(database.name() + " is closed to connections, not dropped")
        : new Observed.NotDone<>();
  }
}
