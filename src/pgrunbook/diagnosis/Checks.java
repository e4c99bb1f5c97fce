package pgrunbook.diagnosis;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import pgrunbook.diagnosis.Finding.CouldNotCheck;
import pgrunbook.postgres.PlainCluster;
import pgrunbook.postgres.PostgresException;

/** Asks several questions on one connection; one that fails does not hide the others. */
record Checks(Patient patient, PlainCluster cluster, String database, List<Check> checks) {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  List<Finding> look() {
    var findings = new ArrayList<Finding>();
    try {
      var found = Within.run(PATIENCE, () -> cluster.read(database, this::all));
      findings.addAll(found);
    } catch (PostgresException e) {
      findings.add(new Entrance(patient, cluster).trouble(e));
      findings.addAll(unknown("nobody gets into database '" + database + "'"));
    } catch (TimeoutException _) {
      findings.addAll(unknown("no answer within " + PATIENCE.toSeconds() + " s"));
    }
    return findings;
  }

  /** What stays unknown, and why. */
  List<Finding> unknown(String why) {
    return checks.stream().<Finding>map(check -> new CouldNotCheck(check.about(), why)).toList();
  }

  private List<Finding> all(Connection connection) throws SQLException {
    var findings = new ArrayList<Finding>();
    try (var statement = connection.createStatement()) {
      statement.execute("SET statement_timeout = '4s'");
      statement.execute("SET lock_timeout = '1s'");
    }
    for (var check : checks) {
      try {
        findings.addAll(check.look(connection));
      } catch (SQLException e) {
        var words = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        findings.add(
            new CouldNotCheck(
                check.about(), patient.masking().mask(words.replaceFirst("^ERROR: ", ""))));
      }
    }
    return findings;
  }
}
