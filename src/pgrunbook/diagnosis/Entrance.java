package pgrunbook.diagnosis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import pgrunbook.diagnosis.Finding.Fine;
import pgrunbook.diagnosis.Finding.Trouble;
import pgrunbook.postgres.PlainCluster;
import pgrunbook.postgres.PostgresException;
import pgrunbook.postgres.ServerFacts;
import pgrunbook.process.ChildCommand;

/** Whether the server lets the environment's role in. */
record Entrance(Patient patient, PlainCluster cluster) {
  private static final Duration PATIENCE = Duration.ofSeconds(12);

  Looked<ServerFacts> look() {
    try {
      var facts = Within.run(PATIENCE, cluster::server);
      var findings = new ArrayList<Finding>();
      findings.add(new Fine("PostgreSQL " + facts.version() + " lets " + facts.user() + " in"));
      identity(facts).ifPresent(findings::add);
      return new Looked<>(findings, Optional.of(facts));
    } catch (PostgresException e) {
      return Looked.nothing(new Refusal(patient, e).trouble());
    } catch (TimeoutException _) {
      return Looked.nothing(
          new Trouble(
              "the server takes the connection, and has not answered within "
                  + PATIENCE.toSeconds()
                  + " s",
              restart()));
    }
  }

  private String restart() {
    var logs =
        patient
            .compose()
            .map(it -> it.command(List.of("logs", "--tail=50", it.postgresService())))
            .orElse(ChildCommand.of("journalctl", "-n", "50", "-u", "postgresql"));
    var restart =
        patient
            .compose()
            .map(it -> it.command(List.of("restart", it.postgresService())))
            .orElse(ChildCommand.of("systemctl", "restart", "postgresql"));
    var masking = patient.masking();
    return "it may be recovering, see its log first: %s; a restart cuts everybody off: %s"
        .formatted(logs.shown(masking), restart.shown(masking));
  }

  private Optional<Finding> identity(ServerFacts facts) {
    return patient
        .environment()
        .systemIdentifier()
        .map(expected ->
            expected.equals(facts.systemIdentifier())
                ? new Fine("it is the cluster that the environment names")
                : new Trouble(
                    "this is another cluster: system identifier "
                        + facts.systemIdentifier()
                        + ", the environment says "
                        + expected,
                    "correct host and port in runbooks/environments/"
                        + patient.environment().name()
                        + ".yaml, or its system_identifier"));
  }
}
