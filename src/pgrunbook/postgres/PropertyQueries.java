package pgrunbook.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import pgrunbook.postgres.DatabaseProperties.Change;
import pgrunbook.postgres.DatabaseProperties.Property;

/** Reads what belongs to a database itself from the shared catalogs. */
final class PropertyQueries {
  private static final String PRIVILEGES =
      """
      SELECT CASE WHEN a.grantee = 0 THEN NULL ELSE r.rolname END AS grantee,
             a.privilege_type, bool_or(a.is_grantable) AS grantable
        FROM pg_database d
       CROSS JOIN aclexplode({acl}) AS a
        LEFT JOIN pg_roles r ON r.oid = a.grantee
       WHERE d.datname = ? AND (a.grantee = 0 OR r.oid IS NOT NULL)
       GROUP BY 1, 2 ORDER BY 1 NULLS FIRST, 2
      """;
  private static final String DEFAULTS = "acldefault('d', d.datdba)";
  private static final String ACTUAL = "coalesce(d.datacl, " + DEFAULTS + ")";

  private static final String SETTINGS =
      """
      SELECT r.rolname, setting
        FROM pg_db_role_setting s
        JOIN pg_database d ON d.oid = s.setdatabase
        LEFT JOIN pg_roles r ON r.oid = s.setrole
       CROSS JOIN unnest(s.setconfig) WITH ORDINALITY AS c(setting, n)
       WHERE d.datname = ? AND (s.setrole = 0 OR r.oid IS NOT NULL)
       ORDER BY r.rolname NULLS FIRST, n
      """;

  private static final String LABELS =
      """
      SELECT l.provider, l.label FROM pg_shseclabel l JOIN pg_database d ON d.oid = l.objoid
       WHERE l.classoid = 'pg_database'::regclass AND d.datname = ? ORDER BY 1
      """;

  private PropertyQueries() {}

  static DatabaseProperties of(Connection connection, String database) throws SQLException {
    if (DatabaseQueries.byName(connection, database).isEmpty()) {
      throw new PostgresException(
          "there is no database '" + database + "'", "check the name: 'psql -l' lists them");
    }
    var result = new ArrayList<Property>();
    result.addAll(privileges(connection, database));
    result.addAll(
        Rows.of(
            connection,
            SETTINGS,
            row -> setting(Rows.text(row, "rolname"), row.getString("setting")),
            database));
    result.addAll(options(connection, database));
    result.addAll(comment(connection, database));
    result.addAll(
        Rows.of(connection, LABELS, row -> label(row.getString(1), row.getString(2)), database));
    return new DatabaseProperties(result);
  }

  /** What differs from what a new database of the same owner has. */
  private static List<Property> privileges(Connection connection, String database)
      throws SQLException {
    var defaults = privileges(connection, database, DEFAULTS);
    var actual = privileges(connection, database, ACTUAL);
    var result = new ArrayList<Property>();
    for (var privilege : defaults) {
      if (!actual.contains(privilege)) {
        result.add(new Property(privilege.revoked(), privilege.granted()));
      }
    }
    for (var privilege : actual) {
      if (!defaults.contains(privilege)) {
        result.add(new Property(privilege.granted(), privilege.revoked()));
      }
    }
    return result;
  }

  /** A privilege and who has it. */
  private record Privilege(Optional<String> grantee, String name, boolean grantable) {
    Change granted() {
      var option = grantable ? " WITH GRANT OPTION" : "";
      return new Change("GRANT " + name + " ON DATABASE ", " TO " + role() + option);
    }

    Change revoked() {
      return new Change("REVOKE " + name + " ON DATABASE ", " FROM " + role());
    }

    private String role() {
      return grantee.map(Identifiers::quote).orElse("PUBLIC");
    }
  }

  private static Set<Privilege> privileges(Connection connection, String database, String acl)
      throws SQLException {
    return new LinkedHashSet<>(
        Rows.of(
            connection,
            PRIVILEGES.replace("{acl}", acl),
            row ->
                new Privilege(
                    Rows.text(row, "grantee"),
                    row.getString("privilege_type"),
                    row.getBoolean("grantable")),
            database));
  }

  private static Property setting(Optional<String> role, String stored) {
    var before =
        role.map(name -> "ALTER ROLE " + Identifiers.quote(name) + " IN DATABASE ")
            .orElse("ALTER DATABASE ");
    return new Property(
        new Change(before, " " + Settings.assignment(stored)),
        new Change(before, " " + Settings.reset(stored)));
  }

  private static List<Property> options(Connection connection, String database)
      throws SQLException {
    var result = new ArrayList<Property>();
    DatabaseQueries.byName(connection, database)
        .ifPresent(facts -> {
          if (facts.connectionLimit() >= 0) {
            result.add(alter("CONNECTION LIMIT " + facts.connectionLimit(), "CONNECTION LIMIT -1"));
          }
          if (facts.template()) {
            result.add(alter("IS_TEMPLATE true", "IS_TEMPLATE false"));
          }
        });
    return result;
  }

  private static Property alter(String option, String without) {
    return new Property(
        new Change("ALTER DATABASE ", " WITH " + option),
        new Change("ALTER DATABASE ", " WITH " + without));
  }

  private static List<Property> comment(Connection connection, String database)
      throws SQLException {
    return Rows.of(
        connection,
        """
        SELECT c FROM pg_database d CROSS JOIN shobj_description(d.oid, 'pg_database') AS c
         WHERE d.datname = ? AND c IS NOT NULL
        """,
        row -> said("COMMENT ON DATABASE ", row.getString(1)),
        database);
  }

  private static Property label(String provider, String label) {
    return said("SECURITY LABEL FOR " + Identifiers.quote(provider) + " ON DATABASE ", label);
  }

  private static Property said(String before, String text) {
    return new Property(
        new Change(before, " IS " + Literals.quote(text)), new Change(before, " IS NULL"));
  }
}
