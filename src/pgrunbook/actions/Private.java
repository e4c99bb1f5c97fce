package pgrunbook.actions;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgrunbook.action.Act;
import pgrunbook.action.Look;
import pgrunbook.action.Preview;
import pgrunbook.action.RunTag;
import pgrunbook.action.StepFailed;
import pgrunbook.postgres.ClusterView;
import pgrunbook.postgres.CreateDatabase;
import pgrunbook.postgres.DatabaseFacts;
import pgrunbook.postgres.Identifiers;
import pgrunbook.postgres.Names;
import pgrunbook.postgres.PostgresException;

/** The names and the making of databases that belong to a run and not yet to production. */
final class Private {
  /** Every cluster has it, and no run renames or drops it. */
  static final String MAINTENANCE = "postgres";

  private static final String RESTORE = "_restore_";
  private static final String OLD = "_old_";
  private static final String UNDONE = "_undone_";

  private Private() {}

  /** What a run calls the database that it restores into. */
  static String restoring(String database, RunTag run) {
    return named(database, RESTORE, run);
  }

  /** What a run calls the database that it set aside. */
  static String setAside(String database, RunTag run) {
    return named(database, OLD, run);
  }

  /** What a run calls a database that it had published and was told to take back. */
  static String undone(String database, RunTag run) {
    return named(database, UNDONE, run);
  }

  private static String named(String database, String word, RunTag run) {
    return named(database, word, run, "");
  }

  private static String named(String database, String word, RunTag run, String end) {
    return run.id()
        .map(id -> Names.fitting(database, word + id.replace('-', '_') + end))
        .orElse(database + word + run.shown() + end);
  }

  /** Whether the name is one that this run gave to a database of its own. */
  static boolean belongsTo(String name, String database, RunTag run) {
    return name.equals(restoring(database, run));
  }

  /** The database in use, for a plan to make one like it; without it the plan has a problem. */
  static Optional<DatabaseFacts> model(Look look, Preview.Builder preview) {
    var name = look.target().database();
    var current = look.cluster().database(name);
    if (current.isEmpty()) {
      preview.problem(
          "there is no database " + name, "has an earlier run set it aside? see 'runs'");
      return current;
    }
    var rights = new Rights(look, preview);
    rights.making(current.get());
    rights.settings(current.get());
    return current;
  }

  /** The statements that make an empty database like that one, and give it the same properties. */
  static List<String> creating(ClusterView cluster, DatabaseFacts like, String name) {
    var statements = new ArrayList<String>();
    statements.add(CreateDatabase.like(like, name));
    statements.addAll(cluster.properties(like.name()).statementsFor(name));
    return statements;
  }

  /** What a run calls a database that is to take the place of its private one. */
  static String again(String database, RunTag run) {
    return named(database, RESTORE, run, "_again");
  }

  /** What a run calls its private database when another one has taken its place. */
  static String replaced(String database, RunTag run) {
    return named(database, RESTORE, run, "_bad");
  }

  /** Every name that a run may give to a private database; under each it may be dropped. */
  static List<String> own(String database, RunTag run) {
    return List.of(restoring(database, run), again(database, run), replaced(database, run));
  }

  /** Which of the run's private databases are there. */
  static List<DatabaseFacts> ownDatabases(Look look) {
    return own(look.target().database(), look.run()).stream()
        .flatMap(name -> look.cluster().database(name).stream())
        .toList();
  }

  /** Drops every private database of the run, and no other. */
  static void dropOwn(Act act, String name) throws StepFailed, InterruptedException {
    if (!belongsTo(name, act.target().database(), act.run())) {
      throw notOwn(name);
    }
    for (var database : ownDatabases(act)) {
      drop(act, database);
    }
  }

  static StepFailed notOwn(String name) {
    return new StepFailed(
        name + " is not the private database of this run",
        "only a database that the run itself has made is dropped");
  }

  /**
   * Makes a private database that is found under its name only when it is whole.
   *
   * @param statements make it under its name
   */
  static void makeWhole(Act act, String name, List<String> statements)
      throws StepFailed, InterruptedException {
    var spare = again(act.target().database(), act.run());
    dropIfThere(act, spare);
    dropIfThere(act, name);
    Statements.execute(
        act,
        statements.stream()
            .map(sql -> sql.replace(Identifiers.quote(name), Identifiers.quote(spare)))
            .toList());
    Statements.execute(act, List.of(rename(spare, name)));
  }

  static void dropIfThere(Act act, String name) throws StepFailed, InterruptedException {
    var found = act.cluster().database(name);
    if (found.isPresent()) {
      drop(act, found.get());
    }
  }

  static String rename(String from, String to) {
    return "ALTER DATABASE " + Identifiers.quote(from) + " RENAME TO " + Identifiers.quote(to);
  }

  static String allowConnections(String database, boolean allow) {
    return "ALTER DATABASE " + Identifiers.quote(database) + " ALLOW_CONNECTIONS " + allow;
  }

  /** Drops a database of the run's own: ends its sessions, also where a DROP had been cut short. */
  static void drop(Act act, DatabaseFacts database) throws StepFailed, InterruptedException {
    if (!database.invalid()) {
      ended(act, database.name());
    }
    Statements.execute(
        act, List.of("DROP DATABASE IF EXISTS " + Identifiers.quote(database.name())));
  }

  /** Lets nobody into the database any more, and logs whose sessions were ended. */
  static int ended(Act act, String database) throws StepFailed, InterruptedException {
    try {
      var ended = act.cluster().closeDatabase(database);
      ended.forEach(
          session -> act.log().line("ended the session of " + Blockers.shown(session, act)));
      return ended.size();
    } catch (PostgresException e) {
      if (e.sqlState().isEmpty()) {
        throw OnDatabase.failed(e);
      }
      throw Statements.failed(act, allowConnections(database, false), e);
    }
  }

  /** Lets connections in again after a failure, which is what is reported. */
  static void reopen(Act act, String database) {
    var interrupted = Thread.interrupted();
    try {
      act.cluster().openDatabase(database);
    } catch (InterruptedException _) {
      interrupted = true;
    } catch (PostgresException e) {
      act.log().line("left closed to connections: " + e.problem().what());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The target's database, or a failure that says that it is not there. */
  static DatabaseFacts production(Look look) throws StepFailed {
    var name = look.target().database();
    return look.cluster()
        .database(name)
        .orElseThrow(() ->
            new StepFailed(
                "there is no database " + name,
                "has an earlier run set it aside? 'status' and 'runs' tell"));
  }
}
