package pgrunbook.actions;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import pgrunbook.action.Claim;
import pgrunbook.action.Look;
import pgrunbook.action.Preview;
import pgrunbook.postgres.DatabaseFacts;
import pgrunbook.postgres.Identifiers;
import pgrunbook.postgres.ServerFacts;
import pgrunbook.postgres.Session;

/**
 * Whether the role may do what a step is going to do. A superuser may do everything; of any other
 * role it is asked while planning: when maintenance is on it is too late.
 */
record Rights(Look look, Preview.Builder preview) {
  /** Since then it counts who may SET ROLE, and who administers a role. */
  private static final int OF_THEIR_OWN_SINCE = 16;

  /** Since then there is a role that may read everything, but for large objects. */
  private static final int READING_ALL_SINCE = 14;

  /** Since then single settings can be granted. */
  private static final int GRANTED_SETTINGS_SINCE = 15;

  private static final String OWNER =
      """
      SELECT pg_has_role(d.datdba, 'USAGE') AND pg_has_role(d.datdba, '{become}'), t.spcname,
             t.oid = b.dattablespace OR has_tablespace_privilege(t.oid, 'CREATE')
        FROM pg_database d JOIN pg_tablespace t ON t.oid = d.dattablespace
        JOIN pg_database b ON b.datname = current_database()
       WHERE d.oid = ?::oid
      """;

  private static final String NOT_TO_BE_ENDED =
      """
      SELECT rolname, rolsuper FROM pg_roles
       WHERE rolsuper OR NOT (pg_has_role(oid, 'USAGE') OR pg_has_role('pg_signal_backend', 'USAGE'))
      """;

  private static final String LARGE_OBJECT = "large object ";

  /** What pg_dump locks and reads. */
  private static final String UNREADABLE =
      """
      SELECT format('%I.%I', n.nspname, c.relname)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p', 'S') AND c.relpersistence <> 't' AND c.oid >= 16384
         AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
         AND NOT (has_schema_privilege(n.oid, 'USAGE')
                  AND CASE c.relkind WHEN 'S' THEN has_sequence_privilege(c.oid, 'SELECT')
                      ELSE has_table_privilege(c.oid, 'SELECT') END)
      UNION ALL
      SELECT 'large object ' || o.oid FROM pg_largeobject_metadata o
       WHERE NOT pg_has_role(o.lomowner, 'USAGE')
         AND NOT EXISTS (SELECT FROM aclexplode(o.lomacl) a WHERE a.privilege_type = 'SELECT'
                            AND (a.grantee = 0 OR pg_has_role(a.grantee, 'USAGE')))
       ORDER BY 1
      """;

  private static final String HIDDEN_ROWS =
      """
      SELECT c.oid::regclass::text FROM pg_class c
       WHERE c.relkind IN ('r', 'p') AND c.relrowsecurity AND row_security_active(c.oid) ORDER BY 1
      """;

  /** A role of the server itself, as pg_database_owner, is not for this to judge. */
  private static final String NOT_TO_BECOME =
      """
      SELECT rolname FROM pg_roles
       WHERE rolname !~ '^pg_' AND NOT pg_has_role(oid, '{become}') ORDER BY 1
      """;

  private static final String HISTORY =
      """
      SELECT CASE WHEN t.oid IS NULL THEN has_schema_privilege(n.oid, 'CREATE')
             ELSE has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(t.oid, 'INSERT') END
        FROM pg_namespace n
        LEFT JOIN (SELECT c.oid, m.nspname FROM pg_class c JOIN pg_namespace m
                       ON m.oid = c.relnamespace WHERE m.nspname = ? AND c.relname = ?) t
          ON t.nspname = n.nspname
       WHERE n.nspname = ?
      """;

  /** What AlterRoleSet in src/backend/commands/user.c refuses. */
  private static final String OTHERS =
      """
      SELECT r.rolname, split_part(c, '=', 1)
        FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole
        JOIN pg_roles me ON me.rolname = current_user
       CROSS JOIN unnest(s.setconfig) AS c
       WHERE s.setdatabase = ?::oid AND r.oid <> me.oid
         AND (r.rolsuper OR NOT me.rolcreaterole {administers})
       ORDER BY 1, 2
      """;

  /** What validate_option_array_item in src/backend/utils/misc/guc.c lets a superuser set only. */
  private static final String SUPERUSERS =
      """
      SELECT DISTINCT split_part(c, '=', 1)
        FROM pg_db_role_setting s CROSS JOIN unnest(s.setconfig) AS c
        LEFT JOIN pg_settings g ON lower(g.name) = lower(split_part(c, '=', 1))
       WHERE s.setdatabase = ?::oid AND (g.name IS NULL OR g.context LIKE 'superuser%') {granted}
       ORDER BY 1
      """;

  /** Whether the role may make databases like this one, and rename it. */
  void making(DatabaseFacts database) {
    var server = look.cluster().server();
    if (server.inRecovery()) {
      preview.problem("this server is a standby and can't be written to", "name its primary");
    }
    if (!server.createDatabase()) {
      preview.problem(
          "role " + server.user() + " may not create or rename databases",
          "as a superuser: ALTER ROLE " + Identifiers.quote(server.user()) + " CREATEDB");
    }
    if (!server.superuser()) {
      owning(database, server);
    }
  }

  private void owning(DatabaseFacts database, ServerFacts server) {
    var become = server.major() >= OF_THEIR_OWN_SINCE ? "SET" : "MEMBER";
    var me = Identifiers.quote(server.user());
    for (var row : rows(OWNER.replace("{become}", become), database.oid())) {
      if (!row.get(0).equals("t")) {
        preview.problem(
            "role %s is neither the owner of %s (%s) nor a member of it"
                .formatted(server.user(), database.name(), database.owner()),
            "as a superuser: GRANT " + Identifiers.quote(database.owner()) + " TO " + me);
      }
      if (!row.get(2).equals("t")) {
        preview.problem(
            "role " + server.user() + " may not create databases in the tablespace " + row.get(1),
            "as a superuser: GRANT CREATE ON TABLESPACE "
                + Identifiers.quote(row.get(1))
                + " TO "
                + me);
      }
    }
  }

  /** Whether the role may read all that a backup holds, and sees each row of it. */
  void reading(DatabaseFacts database) {
    var server = look.cluster().server();
    if (server.superuser() || !database.allowConnections()) {
      return;
    }
    var me = Identifiers.quote(server.user());
    var unread =
        look.cluster().read(database.name(), it -> rows(it, UNREADABLE)).stream()
            .map(List::getFirst)
            .toList();
    if (!unread.isEmpty()) {
      var all =
          server.major() >= READING_ALL_SINCE
              && unread.stream().noneMatch(it -> it.startsWith(LARGE_OBJECT));
      var more = unread.size() > 1 ? ", and " + (unread.size() - 1) + " more" : "";
      preview.problem(
          "role %s may not read %s of %s%s"
              .formatted(server.user(), unread.getFirst(), database.name(), more),
          all
              ? "as a superuser: GRANT pg_read_all_data TO " + me
              : "as a superuser, the role that owns it: GRANT … TO " + me);
    }
    for (var row : look.cluster().read(database.name(), it -> rows(it, HIDDEN_ROWS))) {
      preview.problem(
          "row-level security may hide rows of " + row.getFirst() + " from role " + server.user(),
          "as a superuser: ALTER ROLE " + me + " BYPASSRLS");
    }
  }

  /** Whether the role may make them the owners of what it restores. */
  void givingTo(Set<String> owners) {
    var server = look.cluster().server();
    if (server.superuser()) {
      return;
    }
    var become = server.major() >= OF_THEIR_OWN_SINCE ? "SET" : "MEMBER";
    for (var row : rows(NOT_TO_BECOME.replace("{become}", become))) {
      if (owners.contains(row.getFirst())) {
        preview.problem(
            "role %s may not make %s the owner of what it restores"
                .formatted(server.user(), row.getFirst()),
            "restore as a superuser, or as one: GRANT "
                + Identifiers.quote(row.getFirst())
                + " TO "
                + Identifiers.quote(server.user())
                + "; or set owner: false");
      }
    }
  }

  /** Whether the role may write the history of migrations, or make it. */
  void history(String database, String schema, String table) {
    var server = look.cluster().server();
    if (server.superuser()) {
      return;
    }
    var may = look.cluster().read(database, it -> rows(it, HISTORY, schema, table, schema));
    if (!may.isEmpty() && !may.getFirst().getFirst().equals("t")) {
      preview.problem(
          "role %s may not write the history of migrations, %s.%s of %s"
              .formatted(server.user(), schema, table, database),
          "use the role that migrates, which owns schema and tables");
    }
  }

  /** Whether the role may give another database the settings of this one. */
  void settings(DatabaseFacts database) {
    var server = look.cluster().server();
    if (server.superuser()) {
      return;
    }
    var name = database.name();
    var on = " IN DATABASE " + Identifiers.quote(name) + " RESET ";
    var administers =
        server.major() >= OF_THEIR_OWN_SINCE
            ? "OR NOT pg_has_role(r.oid, 'MEMBER WITH ADMIN OPTION')"
            : "";
    for (var row : rows(OTHERS.replace("{administers}", administers), database.oid())) {
      preview.problem(
          "role %s may not give the new database the setting %s that role %s has in %s"
              .formatted(server.user(), row.get(1), row.get(0), name),
          "run as a superuser, or as one: ALTER ROLE "
              + Identifiers.quote(row.get(0))
              + on
              + row.get(1)
              + " (the setting is lost then)");
    }
    var granted =
        server.major() >= GRANTED_SETTINGS_SINCE
            ? "AND NOT has_parameter_privilege(split_part(c, '=', 1), 'SET')"
            : "";
    for (var row : rows(SUPERUSERS.replace("{granted}", granted), database.oid())) {
      preview.problem(
          "role %s may not give the new database %s's setting %s: only a superuser may"
              .formatted(server.user(), name, row.getFirst()),
          "run as a superuser, or as one: "
              + (granted.isEmpty()
                  ? "ALTER DATABASE " + Identifiers.quote(name) + " RESET " + row.getFirst()
                  : "GRANT SET ON PARAMETER "
                      + Identifiers.quote(row.getFirst())
                      + " TO "
                      + Identifiers.quote(server.user())));
    }
  }

  /** Whether the role may end these sessions. */
  void ending(List<Session> sessions) {
    var server = look.cluster().server();
    if (server.superuser() || sessions.isEmpty()) {
      return;
    }
    Map<String, Boolean> superusers = new TreeMap<>();
    rows(NOT_TO_BE_ENDED).forEach(row -> superusers.put(row.get(0), row.get(1).equals("t")));
    for (var session : sessions) {
      var superuser = superusers.get(session.user());
      if (superuser != null) {
        notEnded(
            "role " + server.user() + " may not end the session of " + session.shown(),
            superuser
                ? "it is a superuser's: end it yourself as one"
                : "as a superuser: GRANT pg_signal_backend TO "
                    + Identifiers.quote(server.user())
                    + ", or end it yourself");
      }
    }
  }

  /** A plan can't tell whether a session ends with a service that an earlier step stops. */
  private void notEnded(String what, String hint) {
    var planning = look.run().id().isEmpty();
    var stops =
        look.held().stream()
            .anyMatch(it -> it instanceof Claim.Owes(var id, var _) && id.startsWith("service:"));
    if (planning && stops) {
      preview.warning(what + "; if it is still there when the services are stopped: " + hint);
    } else {
      preview.problem(what, hint);
    }
  }

  /**
   * Whether a database lets so many connections in at a time, which a superuser need not ask.
   *
   * @param doing what takes them: <code>a backup of it</code>
   */
  void connections(DatabaseFacts database, int needed, String doing) {
    var limit = database.connectionLimit();
    if (limit >= 0 && limit < needed && !look.cluster().server().superuser()) {
      preview.problem(
          "%s takes %d connections, and the CONNECTION LIMIT of %s is %d"
              .formatted(doing, needed, database.name(), limit),
          "ALTER DATABASE "
              + Identifiers.quote(database.name())
              + " CONNECTION LIMIT "
              + needed
              + (needed > 2 ? ", or set fewer jobs" : ""));
    }
  }

  private List<List<String>> rows(String sql, Object... parameters) {
    return look.cluster().read(Private.MAINTENANCE, it -> rows(it, sql, parameters));
  }

  private static List<List<String>> rows(Connection connection, String sql, Object... parameters)
      throws SQLException {
    var found = new ArrayList<List<String>>();
    try (var statement = connection.prepareStatement(sql)) {
      for (var i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          var row = new ArrayList<String>();
          for (var i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
            row.add(String.valueOf(rows.getString(i)));
          }
          found.add(row);
        }
      }
    }
    return found;
  }
}
