package pgrunbook.diagnosis;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import pgrunbook.diagnosis.Finding.Fine;
import pgrunbook.diagnosis.Finding.Trouble;
import pgrunbook.postgres.Rows;

/** How far the server is from its own limits: connections, and transaction numbers. */
record Capacity(Patient patient, Limits limits) implements Check {
  private static final int FEW = 5;
  private static final String NUMBERS =
      """
      SELECT current_setting('max_connections')::int
               - current_setting('superuser_reserved_connections')::int
               - coalesce(current_setting('reserved_connections', true)::int, 0) AS most,
             (SELECT count(*) FROM pg_stat_activity
               WHERE datid IS NOT NULL AND usesysid IS NOT NULL
                 AND pid <> pg_backend_pid())::int AS used,
             d.datname, age(d.datfrozenxid)::bigint AS age
        FROM pg_database d ORDER BY age(d.datfrozenxid) DESC LIMIT 1
      """;
  private static final String HOLDERS =
      """
      SELECT format('%s of %s%s%s', count(*), usename,
                    coalesce(' (' || nullif(application_name, '') || ')', ''),
                    coalesce(', ' || state, ''))
        FROM pg_stat_activity
       WHERE datid IS NOT NULL AND usesysid IS NOT NULL AND pid <> pg_backend_pid()
       GROUP BY usename, application_name, state ORDER BY count(*) DESC LIMIT 4
      """;

  @Override
  public String about() {
    return "free connections, and the age of transactions";
  }

  @Override
  public List<Finding> look(Connection connection) throws SQLException {
    var holders = Rows.of(connection, HOLDERS, row -> row.getString(1));
    return Rows.first(
            connection,
            NUMBERS,
            row ->
                List.of(
                    connections(row.getInt("used"), row.getInt("most"), holders),
                    age(row.getString("datname"), row.getLong("age"))))
        .orElseThrow();
  }

  private Finding connections(int used, int most, List<String> holders) {
    var what = "%d of %d connections are taken".formatted(used, most);
    return most - used >= FEW
        ? new Fine(what)
        : new Trouble(
            patient.masking().mask(what + ": " + String.join("; ", holders)),
            "end those that idle, or, with a restart: "
                + patient.sql(
                    "postgres", "ALTER SYSTEM SET max_connections = " + Math.max(100, 2 * most)));
  }

  private Finding age(String database, long age) {
    var what =
        String.format(
            Locale.ROOT, "the oldest transaction number is %,d old, in database %s", age, database);
    return age <= limits.age()
        ? new Fine(what)
        : new Trouble(
            what + "; at 2 billion the server stops",
            patient.program("vacuumdb", List.of("--freeze", database)));
  }
}
