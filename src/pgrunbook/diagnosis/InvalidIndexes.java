package pgrunbook.diagnosis;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import pgrunbook.diagnosis.Finding.CouldNotCheck;
import pgrunbook.diagnosis.Finding.Fine;
import pgrunbook.diagnosis.Finding.Trouble;
import pgrunbook.postgres.Rows;

/**
 * Indexes that a failed CREATE INDEX CONCURRENTLY has left: they cost writes, and serve nobody. One
 * that is being built looks the same; its builder holds a lock on the table from begin to end, as
 * VACUUM does.
 */
record InvalidIndexes(Patient patient) implements Check {
  private static final String INVALID =
      """
      SELECT format('%I.%I', n.nspname, c.relname) AS name, c.relname AS plain,
             EXISTS (SELECT FROM pg_locks l
                      WHERE l.locktype = 'relation' AND l.relation = i.indrelid AND l.granted
                        AND l.database = (SELECT oid FROM pg_database
                                           WHERE datname = current_database())
                        AND l.mode = 'ShareUpdateExclusiveLock') AS busy
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE NOT i.indisvalid AND c.relkind = 'i'
       ORDER BY 1
      """;

  @Override
  public String about() {
    return "invalid indexes";
  }

  @Override
  public List<Finding> look(Connection connection) throws SQLException {
    var findings = new ArrayList<>(Rows.of(connection, INVALID, this::judged));
    if (findings.isEmpty()) {
      findings.add(new Fine("every index is valid"));
    }
    return findings;
  }

  private Finding judged(ResultSet row) throws SQLException {
    var name = row.getString("name");
    return row.getBoolean("busy")
        ? new CouldNotCheck(
            "whether index " + name + " is invalid, or not ready yet",
            "somebody builds an index of its table, or vacuums it: look again later")
        : trouble(name, row.getString("plain"));
  }

  /** REINDEX CONCURRENTLY gives what it makes such a name, and leaves it behind where it fails. */
  private Finding trouble(String name, String plain) {
    var leftover = plain.matches(".*_cc(new|old)\\d*");
    return new Trouble(
        "index " + name + " is invalid: a concurrent build of it has failed",
        patient.unlessRunWaits(
            patient.sql(
                patient.database(),
                (leftover ? "DROP INDEX CONCURRENTLY " : "REINDEX INDEX CONCURRENTLY ") + name)));
  }
}
