package pgrunbook.actions;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgrunbook.postgres.ClusterView;

/**
 * One extension in one database, and on its server.
 *
 * @param installed the version that the database has
 * @param schema where that one is
 * @param owned whether the role may alter it
 * @param standard the version that CREATE EXTENSION takes; empty where the server has none at all
 * @param offers the versions that could be created, or updated to where it is installed
 * @param missing what it requires and the database lacks
 * @param allowed whether the role may create it, or update one that it owns
 */
record ExtensionState(
    Optional<String> installed,
    Optional<String> schema,
    boolean owned,
    Optional<String> standard,
    List<String> offers,
    List<String> missing,
    boolean allowed) {
  private static final String STATE =
      """
      SELECT e.extversion, (SELECT nspname FROM pg_namespace WHERE oid = e.extnamespace),
             coalesce(pg_has_role(e.extowner, 'USAGE'), false), a.default_version,
             (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
               OR has_database_privilege(current_database(), 'CREATE')
                  AND coalesce((SELECT bool_and(NOT v.superuser
                        OR coalesce((to_jsonb(v) ->> 'trusted')::boolean, false))
                        FROM pg_available_extension_versions v WHERE v.name = a.name), false)
        FROM (SELECT ?::name AS name) n
        LEFT JOIN pg_extension e ON e.extname = n.name
        LEFT JOIN pg_available_extensions a ON a.name = n.name
      """;

  private static final String CREATABLE =
      "SELECT version FROM pg_available_extension_versions WHERE name = ?";

  private static final String UPDATES =
      """
      SELECT u.target FROM pg_extension e CROSS JOIN pg_extension_update_paths(e.extname) u
       WHERE e.extname = ? AND u.source = e.extversion AND u.path IS NOT NULL
      """;

  private static final String MISSING =
      """
      SELECT DISTINCT r FROM pg_available_extension_versions v CROSS JOIN unnest(v.requires) r
       WHERE v.name = ? AND NOT EXISTS (SELECT FROM pg_extension e WHERE e.extname = r)
      """;

  ExtensionState {
    offers = List.copyOf(offers);
    missing = List.copyOf(missing);
  }

  static ExtensionState of(ClusterView cluster, String database, String extension) {
    return cluster.read(database, connection -> read(connection, extension));
  }

  private static ExtensionState read(Connection connection, String extension) throws SQLException {
    try (var statement = connection.prepareStatement(STATE)) {
      statement.setString(1, extension);
      try (var row = statement.executeQuery()) {
        row.next();
        var installed = Optional.ofNullable(row.getString(1));
        return new ExtensionState(
            installed,
            Optional.ofNullable(row.getString(2)),
            row.getBoolean(3),
            Optional.ofNullable(row.getString(4)),
            column(connection, installed.isPresent() ? UPDATES : CREATABLE, extension),
            installed.isPresent() ? List.of() : column(connection, MISSING, extension),
            row.getBoolean(5));
      }
    }
  }

  private static List<String> column(Connection connection, String sql, String extension)
      throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      statement.setString(1, extension);
      try (var rows = statement.executeQuery()) {
        var found = new ArrayList<String>();
        while (rows.next()) {
          found.add(rows.getString(1));
        }
        return found;
      }
    }
  }

  /** Whether the database has it, as new as that. */
  boolean has(Optional<String> version) {
    return installed.filter(it -> reaches(it, version)).isPresent();
  }

  /** The version to take: what the server takes by itself, or its latest where that is too old. */
  Optional<String> best(Optional<String> version) {
    return standard
        .filter(it -> offers.contains(it) && reaches(it, version))
        .or(() -> offers.stream().filter(it -> reaches(it, version)).max(ExtensionVersions.ORDER));
  }

  private static boolean reaches(String found, Optional<String> wanted) {
    return wanted.isEmpty() || ExtensionVersions.ORDER.compare(found, wanted.get()) >= 0;
  }
}
