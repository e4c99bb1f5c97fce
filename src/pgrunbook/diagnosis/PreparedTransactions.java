package pgrunbook.diagnosis;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import pgrunbook.diagnosis.Finding.Fine;
import pgrunbook.diagnosis.Finding.Trouble;
import pgrunbook.postgres.Literals;
import pgrunbook.postgres.Rows;
import pgrunbook.text.Durations;

/** Two-phase transactions that nobody ended: they keep their locks, through restarts too. */
record PreparedTransactions(Patient patient, Limits limits) implements Check {
  private static final String ALL =
      """
      SELECT gid, owner, database,
             (extract(epoch FROM clock_timestamp() - prepared) * 1000)::bigint AS age
        FROM pg_prepared_xacts ORDER BY prepared
      """;

  @Override
  public String about() {
    return "prepared transactions";
  }

  @Override
  public List<Finding> look(Connection connection) throws SQLException {
    var findings =
        new ArrayList<>(
            Rows.of(
                connection,
                ALL,
                row ->
                    judged(
                        row.getString("gid"),
                        row.getString("owner"),
                        row.getString("database"),
                        Duration.ofMillis(Math.max(0, row.getLong("age"))))));
    if (findings.isEmpty()) {
      findings.add(new Fine("no prepared transaction waits for its end"));
    }
    return findings;
  }

  private Finding judged(String gid, String owner, String database, Duration age) {
    var what =
        "prepared transaction '%s' of %s in database %s waits for its end since %s"
            .formatted(gid, owner, database, Durations.shown(age));
    return age.compareTo(limits.prepared()) <= 0
        ? new Fine(what)
        : new Trouble(
            what,
            "ask whoever prepared it what was decided; COMMIT PREPARED keeps what it wrote, this loses"
                + " it: "
                + patient.sql(database, "ROLLBACK PREPARED " + Literals.quote(gid)));
  }
}
