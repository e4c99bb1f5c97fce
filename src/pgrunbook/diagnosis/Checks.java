package pgrunbook.diagnosis;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import pgrunbook.diagnosis.Finding.CouldNotCheck;
import pgrunbook.postgres.Connections;
import pgrunbook.postgres.PlainCluster;
import pgrunbook.postgres.PostgresException;

/** Asks several questions on one connection; one that fails does not hide the others. */
record Checks(Patient patient, PlainCluster cluster, String database, List<Check> checks) {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** What was answered before the server fell silent, or away, is kept. */
  List<Finding> look() {
    var answered = new ConcurrentLinkedQueue<List<Finding>>();
    var broken = new ArrayList<Finding>();
    var why = "nobody gets into database '" + database + "'";
    try {
      Within.run(
          PATIENCE,
          () ->
              database.equals(Connections.MAINTENANCE)
                  ? cluster.look(it -> all(it, answered)) // there may be no other connection left
                  : cluster.read(database, it -> all(it, answered)));
    } catch (PostgresException e) {
      broken.add(new Refusal(patient, e).trouble());
    } catch (TimeoutException _) {
      why = "no answer within " + PATIENCE.toSeconds() + " s";
    }
    var known = List.copyOf(answered);
    var findings = new ArrayList<>(known.stream().flatMap(List::stream).toList());
    findings.addAll(broken);
    findings.addAll(unknown(checks.subList(known.size(), checks.size()), why));
    return findings;
  }

  /** What stays unknown, and why. */
  List<Finding> unknown(String why) {
    return unknown(checks, why);
  }

  private static List<Finding> unknown(List<Check> checks, String why) {
    return checks.stream().<Finding>map(check -> new CouldNotCheck(check.about(), why)).toList();
  }

  private boolean all(Connection connection, Queue<List<Finding>> answered) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("SET statement_timeout = '4s'");
      statement.execute("SET lock_timeout = '1s'");
    }
    for (var check : checks) {
      answered.add(answer(check, connection));
    }
    return true;
  }

  private List<Finding> answer(Check check, Connection connection) {
    try {
      return check.look(connection);
    } catch (SQLException e) {
      var words = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      return List.of(
          new CouldNotCheck(
              check.about(), patient.masking().mask(words.replaceFirst("^ERROR: ", ""))));
    }
  }
}
