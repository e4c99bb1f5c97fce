package pgrunbook.migration;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import pgrunbook.environment.MigrationSettings;
import pgrunbook.postgres.Identifiers;

/**
 * Writes the history where Flyway's open edition can't: taking a migration back, and saying that a
 * database is at a version. Each method is one transaction, so that after a crash either all of it
 * is there or nothing.
 */
public record HistoryTable(MigrationSettings settings) {
  /** As Flyway makes it, PostgreSQLDatabase.getRawCreateScript. */
  private static final List<String> CREATE =
      List.of(
          """
          CREATE TABLE {table} (
              installed_rank INT NOT NULL,
              version VARCHAR(50),
              description VARCHAR(200) NOT NULL,
              type VARCHAR(20) NOT NULL,
              script VARCHAR(1000) NOT NULL,
              checksum INTEGER,
              installed_by VARCHAR(100) NOT NULL,
              installed_on TIMESTAMP NOT NULL DEFAULT now(),
              execution_time INTEGER NOT NULL,
              success BOOLEAN NOT NULL
          )
          """,
          "ALTER TABLE {table} ADD CONSTRAINT {pk} PRIMARY KEY (installed_rank)",
          "CREATE INDEX {index} ON {table} (success)");

  private static final String INSERT =
      "INSERT INTO {table} VALUES (?, ?, ?, ?, ?, ?, coalesce(?, '"
          + HistoryRow.STAMPED
          + "' || current_user),"
          + " coalesce(?::timestamptz, now()), ?, ?)";

  /** What is said where a history is not what a stamp has left. */
  public static final String CHANGED =
      "the history is not any more what the stamp has left: somebody has migrated or stamped since";

  /** Runs a U file where its V file ran, and forgets the migration that a row says is applied. */
  public void takeBack(Connection connection, Migration migration, HistoryRow row)
      throws SQLException {
    var undo = migration.undo().orElseThrow();
    inTransaction(
        connection,
        table -> {
          execute(connection, "LOCK TABLE " + table + " IN SHARE ROW EXCLUSIVE MODE");
          SearchPath.begin(connection, settings);
          execute(connection, undo.sql().text());
          try (var delete =
              connection.prepareStatement(
                  "DELETE FROM " + table + " WHERE installed_rank = ? AND script = ?")) {
            delete.setInt(1, row.rank());
            delete.setString(2, row.script());
            if (delete.executeUpdate() != 1) {
              throw new SQLException(
                  "the history has no more the row of version " + migration.version(), "55000");
            }
          }
        });
  }

  /** The history as it is, for {@link #restore}; empty where there is no table. */
  public String saved(Connection connection) throws SQLException {
    var schema = HistoryQueries.schema(connection, settings);
    if (!HistoryQueries.exists(connection, schema, settings.table())) {
      return "";
    }
    var sql =
        "SELECT coalesce(json_agg(h ORDER BY installed_rank), '[]')::text FROM "
            + Identifiers.quote(List.of(schema, settings.table()))
            + " h";
    return HistoryQueries.texts(connection, sql).getFirst();
  }

  /**
   * Puts these rows in the place of all rows, ranked from 1; makes the table where it is missing.
   */
  public void replace(Connection connection, List<HistoryRow> rows) throws SQLException {
    inTransaction(
        connection,
        table -> {
          create(connection);
          lock(connection, table);
          execute(connection, "DELETE FROM " + table);
          try (var insert = connection.prepareStatement(INSERT.replace("{table}", table))) {
            for (var i = 0; i < rows.size(); i++) {
              fill(insert, i + 1, rows.get(i));
              insert.executeUpdate();
            }
          }
        });
  }

  /**
   * Makes the history again what {@link #saved} has seen, the table's absence included.
   *
   * @param left what the table must hold; empty where that does not matter
   * @throws SQLException also where it holds something else
   */
  public void restore(Connection connection, String saved, Optional<String> left)
      throws SQLException {
    inTransaction(
        connection,
        table -> {
          refuseOther(connection, table, left);
          if (saved.isEmpty()) {
            execute(connection, "DROP TABLE IF EXISTS " + table);
            return;
          }
          create(connection);
          execute(connection, "DELETE FROM " + table);
          var sql =
              "INSERT INTO %1$s SELECT * FROM json_populate_recordset(NULL::%1$s, ?::json)"
                  .formatted(table);
          try (var insert = connection.prepareStatement(sql)) {
            insert.setString(1, saved);
            insert.executeUpdate();
          }
        });
  }

  private void refuseOther(Connection connection, String table, Optional<String> left)
      throws SQLException {
    var schema = HistoryQueries.schema(connection, settings);
    var rows = List.<HistoryRow>of();
    if (HistoryQueries.exists(connection, schema, settings.table())) {
      lock(connection, table);
      rows = HistoryQueries.rows(connection, schema, settings.table());
    }
    if (left.isPresent() && !HistoryRow.identities(rows).equals(left.get())) {
      throw new SQLException(CHANGED, "55000");
    }
  }

  private static void lock(Connection connection, String table) throws SQLException {
    execute(connection, "SET LOCAL lock_timeout = '10s'");
    execute(connection, "LOCK TABLE " + table + " IN SHARE ROW EXCLUSIVE MODE");
  }

  private void create(Connection connection) throws SQLException {
    var schema = HistoryQueries.schema(connection, settings);
    if (HistoryQueries.exists(connection, schema, settings.table())) {
      return;
    }
    for (var sql : CREATE) {
      execute(
          connection,
          sql.replace("{table}", Identifiers.quote(List.of(schema, settings.table())))
              .replace("{pk}", Identifiers.quote(settings.table() + "_pk"))
              .replace("{index}", Identifiers.quote(settings.table() + "_s_idx")));
    }
  }

  private static void fill(java.sql.PreparedStatement insert, int rank, HistoryRow row)
      throws SQLException {
    insert.setInt(1, rank);
    insert.setString(2, row.version().map(Version::toString).orElse(null));
    insert.setString(3, row.description());
    insert.setString(4, row.type());
    insert.setString(5, row.script());
    if (row.checksum().isPresent()) {
      insert.setInt(6, row.checksum().get());
    } else {
      insert.setNull(6, Types.INTEGER);
    }
    insert.setString(7, row.isNew() ? null : row.installedBy());
    insert.setObject(8, row.isNew() ? null : row.installedOn().atOffset(ZoneOffset.UTC));
    insert.setInt(9, row.millis());
    insert.setBoolean(10, row.success());
  }

  /** What is done to the table in a transaction. */
  @FunctionalInterface
  private interface Work {
    void on(String table) throws SQLException;
  }

  private void inTransaction(Connection connection, Work work) throws SQLException {
    var schema = HistoryQueries.schema(connection, settings);
    connection.setAutoCommit(false);
    try {
      work.on(Identifiers.quote(List.of(schema, settings.table())));
      connection.commit();
    } catch (SQLException e) {
      if (!connection.isClosed()) {
        connection.rollback();
      }
      throw e;
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }
}
