package pgrunbook.diagnosis;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgrunbook.diagnosis.Finding.Fine;
import pgrunbook.diagnosis.Finding.Trouble;
import pgrunbook.postgres.Identifiers;
import pgrunbook.postgres.Packages;
import pgrunbook.postgres.Rows;

/** Whether the server has the files of the database's extensions, and in which version. */
record Extensions(Patient patient, int major) implements Check {
  private static final String INSTALLED =
      """
      SELECT e.extname, e.extversion, a.default_version
        FROM pg_extension e LEFT JOIN pg_available_extensions a ON a.name = e.extname ORDER BY 1
      """;

  @Override
  public String about() {
    return "extensions";
  }

  @Override
  public List<Finding> look(Connection connection) throws SQLException {
    var findings = new ArrayList<Finding>();
    var names = new ArrayList<String>();
    for (var found : Rows.of(connection, INSTALLED, this::judged)) {
      found.finding().ifPresentOrElse(findings::add, () -> names.add(found.shown()));
    }
    if (findings.isEmpty()) {
      findings.add(
          new Fine("extensions as new as the server has them: " + String.join(", ", names)));
    }
    return findings;
  }

  private record Found(String shown, Optional<Finding> finding) {}

  private Found judged(ResultSet row) throws SQLException {
    var name = row.getString("extname");
    var installed = row.getString("extversion");
    var shown = name + " " + installed;
    var available = Rows.text(row, "default_version");
    if (available.isEmpty()) {
      return new Found(
          shown,
          Optional.of(
              new Trouble(
                  "the database needs extension " + shown + ", and the server has not its files",
                  "install them on the server, in Debian " + Packages.ofExtension(name, major))));
    }
    return new Found(
        shown,
        available
            .filter(it -> !it.equals(installed))
            .map(it ->
                new Trouble(
                    "extension " + shown + ", the server has " + it,
                    patient.sql(
                        patient.database(),
                        "ALTER EXTENSION " + Identifiers.quote(name) + " UPDATE"))));
  }
}
