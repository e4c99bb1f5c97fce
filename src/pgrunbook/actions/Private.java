package pgrunbook.actions;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import pgrunbook.action.Act;
import pgrunbook.action.Look;
import pgrunbook.action.Preview;
import pgrunbook.action.RunTag;
import pgrunbook.action.StepFailed;
import pgrunbook.postgres.Cluster;
import pgrunbook.postgres.ClusterView;
import pgrunbook.postgres.CreateDatabase;
import pgrunbook.postgres.DatabaseFacts;
import pgrunbook.postgres.Identifiers;
import pgrunbook.postgres.Names;

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
    return run.id()
        .map(id -> Names.fitting(database, word + id.replace('-', '_')))
        .orElse(database + word + run.shown());
  }

  /** Whether the name is one that this run gave to a database of its own. */
  static boolean belongsTo(String name, String database, RunTag run) {
    return name.equals(restoring(database, run));
  }

  /** The statements that make an empty database like that one, and give it the same properties. */
  static List<String> creating(ClusterView cluster, DatabaseFacts like, String name) {
    var statements = new ArrayList<String>();
    statements.add(CreateDatabase.like(like, name));
    statements.addAll(cluster.properties(like.name()).statementsFor(name));
    return statements;
  }

  /** Runs statements one by one, each a transaction of its own, as CREATE DATABASE wants it. */
  static void execute(Act act, List<String> statements) throws InterruptedException {
    for (var statement : statements) {
      act.log().line(statement);
      act.cluster().execute(MAINTENANCE, statement);
    }
  }

  /** Runs statements in one transaction. */
  static void executeAsOne(Act act, List<String> statements) throws InterruptedException {
    statements.forEach(statement -> act.log().line(statement));
    act.cluster().write(MAINTENANCE, connection -> asOne(connection, statements));
  }

  private static int asOne(java.sql.Connection connection, List<String> statements)
      throws SQLException {
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    }
    connection.commit();
    return statements.size();
  }

  static String rename(String from, String to) {
    return "ALTER DATABASE " + Identifiers.quote(from) + " RENAME TO " + Identifiers.quote(to);
  }

  static String allowConnections(String database, boolean allow) {
    return "ALTER DATABASE " + Identifiers.quote(database) + " ALLOW_CONNECTIONS " + allow;
  }

  /** Drops a database of the run's own: ends its sessions, also where a DROP had been cut short. */
  static void drop(Act act, DatabaseFacts database) throws InterruptedException {
    if (!database.invalid()) {
      ended(act, database.name(), act.cluster());
    }
    execute(act, List.of("DROP DATABASE IF EXISTS " + Identifiers.quote(database.name())));
  }

  /** Lets nobody into the database any more, and logs whose sessions were ended. */
  static int ended(Act act, String database, Cluster cluster) throws InterruptedException {
    var ended = cluster.closeDatabase(database);
    ended.forEach(session -> act.log().line("ended the session of " + session.shown()));
    return ended.size();
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

  /** What would block a rename or a drop of the database, as problems and warnings of a preview. */
  static void blockers(
      Look look, DatabaseFacts database, boolean dropped, Preview.Builder preview) {
    var cluster = look.cluster();
    var name = database.name();
    if (database.invalid()) {
      preview.problem(
          name + " is what an interrupted DROP DATABASE has left", "DROP DATABASE it yourself");
    }
    for (var prepared : cluster.preparedTransactions(name)) {
      preview.problem(
          name + " is used by the prepared transaction '" + prepared.gid() + "'",
          "COMMIT PREPARED or ROLLBACK PREPARED it in that database first");
    }
    for (var slot : cluster.replicationSlots(name)) {
      slot(slot, name, dropped, preview);
    }
    var subscriptions = cluster.subscriptions(name);
    if (subscriptions.isEmpty()) {
      preview.unknown("whether " + name + " has subscriptions: only a superuser may look");
    }
    for (var subscription : subscriptions.orElse(List.of())) {
      var what = name + " is used by the subscription '" + subscription + "'";
      if (dropped) {
        preview.problem(what, "DROP SUBSCRIPTION it first, and create it again after the restore");
      } else {
        preview.warning(what + ", which stays with the old database and goes on writing into it");
      }
    }
    for (var session : cluster.sessions(name)) {
      preview.warning("ends the session of " + session.shown());
    }
  }

  private static void slot(
      pgrunbook.postgres.ReplicationSlot slot,
      String name,
      boolean dropped,
      Preview.Builder preview) {
    var what = name + " has the logical replication slot '" + slot.name() + "'";
    if (slot.active()) {
      preview.problem(
          what + ", which is in use", "stop its consumer, and drop the slot or keep the database");
    } else if (dropped) {
      preview.problem(
          what + ", which would be dropped silently with it",
          "drop it yourself with pg_drop_replication_slot, or set keep_old: true");
    } else {
      preview.warning(what + ", which stays with the old database");
    }
  }

  /** Whether the role may make databases and rename this one. */
  static void rights(Look look, DatabaseFacts database, Preview.Builder preview) {
    var server = look.cluster().server();
    if (!server.createDatabase()) {
      preview.problem(
          "role " + server.user() + " may not create or rename databases",
          "as a superuser: ALTER ROLE " + Identifiers.quote(server.user()) + " CREATEDB");
    }
    if (!server.superuser() && !database.owner().equals(server.user())) {
      preview.warning(
          "role "
              + server.user()
              + " is not the owner of "
              + database.name()
              + " ("
              + database.owner()
              + "); it has to be a member of it");
    }
    if (server.inRecovery()) {
      preview.problem("this server is a standby and can't be written to", "name its primary");
    }
  }
}
