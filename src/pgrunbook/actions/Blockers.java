package pgrunbook.actions;

import java.util.List;
import pgrunbook.action.Look;
import pgrunbook.action.Preview;
import pgrunbook.postgres.DatabaseFacts;
import pgrunbook.postgres.ReplicationSlot;
import pgrunbook.postgres.Session;

/** What would block a rename or a drop of a database, as problems and warnings of a preview. */
record Blockers(Look look, DatabaseFacts database, boolean dropped, Preview.Builder preview) {
  static void find(Look look, DatabaseFacts database, boolean dropped, Preview.Builder preview) {
    new Blockers(look, database, dropped, preview).find();
  }

  private void find() {
    var name = database.name();
    if (name.equals(Private.MAINTENANCE)) {
      preview.problem(
          "the database " + name + " can't be set aside: the run itself is connected to it",
          "keep the application in a database of its own: migrations and backups work here,"
              + " replacing it does not");
    }
    if (database.invalid()) {
      preview.problem(
          name + " is what an interrupted DROP DATABASE has left", "DROP DATABASE it yourself");
    }
    for (var prepared : look.cluster().preparedTransactions(name)) {
      preview.problem(
          name + " is used by the prepared transaction '" + prepared.gid() + "'",
          "COMMIT PREPARED or ROLLBACK PREPARED it in that database first");
    }
    look.cluster().replicationSlots(name).forEach(this::slot);
    var subscriptions = look.cluster().subscriptions(name);
    if (subscriptions.isEmpty()) {
      preview.unknown("whether " + name + " has subscriptions: only a superuser may look");
    }
    subscriptions.orElse(List.of()).forEach(this::subscription);
    var sessions = look.cluster().sessions(name);
    for (var session : sessions) {
      preview.warning("ends the session of " + shown(session, look));
    }
    new Rights(look, preview).ending(sessions);
  }

  /** With the service that it comes from, where somebody knows the address. */
  static String shown(Session session, Look look) {
    var service = look.services().at(session.client());
    return session.shown() + service.map(it -> " (" + it + ")").orElse("");
  }

  private void subscription(String subscription) {
    var what = database.name() + " is used by the subscription '" + subscription + "'";
    if (dropped) {
      preview.problem(what, "DROP SUBSCRIPTION it first, and create it again after the restore");
    } else {
      preview.warning(what + ", which stays with the old database and goes on writing into it");
    }
  }

  private void slot(ReplicationSlot slot) {
    var what = database.name() + " has the logical replication slot '" + slot.name() + "'";
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
}
