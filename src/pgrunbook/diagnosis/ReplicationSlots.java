package pgrunbook.diagnosis;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import pgrunbook.diagnosis.Finding.Fine;
import pgrunbook.diagnosis.Finding.Trouble;
import pgrunbook.postgres.Literals;
import pgrunbook.postgres.Rows;
import pgrunbook.text.Bytes;

/** Slots that nobody reads: the server keeps its WAL for them until the disk is full. */
record ReplicationSlots(Patient patient, Limits limits) implements Check {
  private static final String INACTIVE =
      """
      SELECT slot_name, to_jsonb(s) ->> 'wal_status' AS status,
             coalesce(pg_wal_lsn_diff(
               CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
                    ELSE pg_current_wal_lsn() END, restart_lsn), 0)::bigint AS retained
        FROM pg_replication_slots s WHERE NOT active ORDER BY 1
      """;

  @Override
  public String about() {
    return "replication slots";
  }

  @Override
  public List<Finding> look(Connection connection) throws SQLException {
    var findings = new ArrayList<>(Rows.of(connection, INACTIVE, this::judged));
    if (findings.isEmpty()) {
      findings.add(new Fine("every replication slot has its reader"));
    }
    return findings;
  }

  private Finding judged(ResultSet row) throws SQLException {
    var name = row.getString("slot_name");
    var retained = Math.max(0, row.getLong("retained"));
    var lost = Rows.text(row, "status").orElse("").equals("lost");
    var what =
        "replication slot %s has no reader and %s"
            .formatted(
                name, lost ? "has lost its WAL" : "keeps " + Bytes.shown(retained) + " of WAL");
    return retained <= limits.retained() && !lost
        ? new Fine(what)
        : new Trouble(
            what,
            "start its reader again; without the slot it has to begin anew, with a whole copy. Only"
                + " where nobody is to read it any more: "
                + patient.sql(
                    "postgres", "SELECT pg_drop_replication_slot(" + Literals.quote(name) + ")"));
  }
}
