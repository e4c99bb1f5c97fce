package pgrunbook.diagnosis;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import pgrunbook.diagnosis.Finding.Fine;
import pgrunbook.diagnosis.Finding.Trouble;
import pgrunbook.postgres.Rows;

/** Indexes that a failed CREATE INDEX CONCURRENTLY has left: they cost writes, and serve nobody. */
record InvalidIndexes(Patient patient) implements Check {
  private static final String INVALID =
      """
      SELECT format('%I.%I', n.nspname, c.relname) AS name, c.relname AS plain
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE NOT i.indisvalid AND c.relkind = 'i'
         AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p
                          WHERE p.index_relid = i.indexrelid)
       ORDER BY 1
      """;

  @Override
  public String about() {
    return "invalid indexes";
  }

  @Override
  public List<Finding> look(Connection connection) throws SQLException {
    var findings =
        new ArrayList<>(
            Rows.of(
                connection,
                INVALID,
                row -> trouble(row.getString("name"), row.getString("plain"))));
    if (findings.isEmpty()) {
      findings.add(new Fine("every index is valid"));
    }
    return findings;
  }

  /** REINDEX CONCURRENTLY gives what it makes such a name, and leaves it behind where it fails. */
  private Finding trouble(String name, String plain) {
    var leftover = plain.matches(".*_cc(new|old)\\d*");
    return new Trouble(
        "index " + name + " is invalid: a concurrent build of it has failed",
        patient.sql(
            patient.database(),
            (leftover ? "DROP INDEX CONCURRENTLY " : "REINDEX INDEX CONCURRENTLY ") + name));
  }
}
