package pgrunbook.testing;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import pgrunbook.backup.Fingerprint;
import pgrunbook.backup.Fingerprints;

/** What the databases of the test cluster are and hold, as tests compare it. */
public final class Databases {
  private static final String ALL =
      """
      SELECT d.datname, d.oid, d.datallowconn,
             concat_ws(' | ', r.rolname, pg_encoding_to_char(d.encoding), d.datcollate, d.datctype,
               d.datistemplate, 'limit ' || d.datconnlimit,
               (SELECT string_agg(a::text, ', ' ORDER BY a::text)
                  FROM unnest(coalesce(d.datacl, acldefault('d', d.datdba))) a),
               (SELECT string_agg(coalesce(o.rolname, '') || ': ' || s.setconfig::text, ', '
                         ORDER BY o.rolname NULLS FIRST)
                  FROM pg_db_role_setting s LEFT JOIN pg_roles o ON o.oid = s.setrole
                 WHERE s.setdatabase = d.oid),
               shobj_description(d.oid, 'pg_database')) AS properties
        FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba
       WHERE d.datname = ? OR starts_with(d.datname, ?) ORDER BY 1
      """;

  private Databases() {}

  /**
   * One database.
   *
   * @param properties owner, encoding, locale, connection limit, privileges, settings, comment
   */
  public record Database(long oid, boolean open, String properties) {}

  /** The database of that name and those whose names begin with it and an underscore. */
  public static SortedMap<String, Database> of(String name) {
    return query(name, name + "_");
  }

  /** All databases of the cluster. */
  public static SortedMap<String, Database> all() {
    return query("", "");
  }

  private static SortedMap<String, Database> query(String name, String prefix) {
    var found = new TreeMap<String, Database>();
    try (var connection = PostgresServer.shared().connect("postgres");
        var statement = connection.prepareStatement(ALL)) {
      statement.setString(1, name);
      statement.setString(2, prefix);
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          found.put(
              rows.getString(1),
              new Database(rows.getLong(2), rows.getBoolean(3), rows.getString(4)));
        }
      }
      return found;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a database holds, its definition included. */
  public static Fingerprint fingerprint(String database) {
    try (var connection = PostgresServer.shared().connect(database)) {
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      return Fingerprints.take(connection).withSchemaHash(schema(database));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String schema(String database) {
    try {
      var named = "dbname='" + database.replace("\\", "\\\\").replace("'", "\\'") + "'";
      var dump =
          PostgresServer.shared().run("pg_dump", "-s", "--restrict-key=test", "-d", named).ok();
      return Integer.toHexString(dump.hashCode()) + "/" + dump.length();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The first column of a query's rows. */
  public static List<String> column(String database, String sql) {
    try (var connection = PostgresServer.shared().connect(database);
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var values = new ArrayList<String>();
      while (rows.next()) {
        values.add(Optional.ofNullable(rows.getString(1)).orElse(""));
      }
      return values;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Application names and queries of the sessions whose application name begins so. */
  public static List<String> sessions(String application) {
    return column(
        "postgres",
        "SELECT application_name || ': ' || query FROM pg_stat_activity"
            + " WHERE starts_with(application_name, '"
            + application
            + "')");
  }

  /** Runs SQL that must succeed. */
  public static void execute(String database, String sql) {
    try {
      PostgresServer.shared().execute(database, sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
