package pgrunbook.actions;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import pgrunbook.action.Look;
import pgrunbook.action.Preview;
import pgrunbook.postgres.Activities;
import pgrunbook.postgres.Activity;
import pgrunbook.postgres.Identifiers;
import pgrunbook.postgres.Rows;
import pgrunbook.postgres.Session;
import pgrunbook.text.Durations;

/** A session that is to be ended: what is shown of it, and why it must not be. */
record OneSession(Look look, Activity session) {
  private static final String MAINTENANCE = "postgres";

  private static final String LOCKS =
      """
      SELECT DISTINCT l.mode || ' on ' || coalesce(
               CASE WHEN l.locktype IN ('relation', 'tuple') THEN l.relation::regclass::text END,
               l.locktype)
        FROM pg_locks l
       WHERE l.pid = ? AND l.granted AND l.locktype NOT IN ('virtualxid', 'transactionid')
         AND coalesce(l.relation, 0) NOT IN (SELECT oid FROM pg_class WHERE relkind IN ('i', 'I'))
       ORDER BY 1 LIMIT 12
      """;

  /** The session of that pid, where there is one now. */
  static Optional<Activity> find(Look look, int pid) {
    return all(look).stream().filter(it -> it.pid() == pid).findFirst();
  }

  private static List<Activity> all(Look look) {
    return look.cluster().read(MAINTENANCE, Activities::all);
  }

  void show(Preview.Builder preview) {
    preview.fact("session", look.masking().mask(session.shown()));
    session.started().ifPresent(since -> preview.identity("session began", since));
    if (refused(preview)) {
      return;
    }
    preview.fact("query", look.masking().mask(session.queryShown()));
    session.transactionAge().ifPresent(age -> preview.fact("transaction", Durations.shown(age)));
    var locks = look.cluster().read(look.target().database(), this::locks);
    if (!locks.isEmpty()) {
      preview.fact("locks", String.join(", ", locks));
    }
    all(look).stream()
        .filter(it -> it.blockedBy().contains(session.pid()))
        .forEach(
            it -> preview.fact("blocks", look.masking().mask(it.shown() + ": " + it.queryShown())));
    preview.warning(lost());
    new Rights(look, preview).ending(List.of(known()));
  }

  private List<String> locks(Connection connection) throws SQLException {
    return Rows.of(connection, LOCKS, row -> row.getString(1), session.pid());
  }

  private String lost() {
    if (session.transactionAge().isEmpty()) {
      return "it is in no transaction: nothing is lost, its client has to connect again";
    }
    return session.wrote()
        ? "what its transaction has written is lost, and its client has to connect again"
        : "its transaction has written nothing so far; its client has to connect again";
  }

  private Session known() {
    return new Session(
        session.pid(),
        session.database(),
        session.user(),
        session.application(),
        session.client(),
        session.state().orElse("not visible"),
        session.started(),
        session.stateAge());
  }

  /** Whether it must not be ended; the preview says why. */
  private boolean refused(Preview.Builder preview) {
    var pid = "pid " + session.pid();
    var type = session.backendType().orElse("");
    switch (session.kind()) {
      case NOT_VISIBLE -> notVisible(preview, pid);
      case AUTOVACUUM -> preview.problem(pid + " is autovacuum", autovacuum());
      case OTHER_PROCESS ->
          preview.problem(
              pid + " is no session of a client, but a " + type,
              "end it where it comes from: a replica, a parallel query's leader, the server itself");
      case RUN ->
          preview.problem(
              pid + " belongs to a run of pgrunbook: " + session.application(),
              "'status' shows the run; 'resume' and 'rollback' end what it has left");
      case CLIENT -> {
        return isElsewhere(preview, pid);
      }
    }
    return true;
  }

  private boolean isElsewhere(Preview.Builder preview, String pid) {
    var target = look.target().database();
    if (session.database().equals(Optional.of(target))) {
      return false;
    }
    preview.problem(
        pid
            + " is a session in database "
            + session.database().orElse("(none)")
            + ", not "
            + target,
        "name the environment of that database: --env NAME");
    return true;
  }

  private void notVisible(Preview.Builder preview, String pid) {
    var user = look.cluster().server().user();
    new Rights(look, preview).ending(List.of(known()));
    preview.problem(
        "nobody can tell "
            + pid
            + " from a later session of the same number: role "
            + user
            + " may not see when it began",
        "as a superuser: GRANT pg_read_all_stats TO "
            + Identifiers.quote(user)
            + ", or end it yourself");
  }

  private String autovacuum() {
    return session.query().contains("to prevent wraparound")
        ? "it prevents transaction numbers from running out, and has to finish"
        : "it makes way by itself as soon as somebody waits for its lock";
  }
}
