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
  private static final String WRONG_PASSWORD = "28P01";
  private static final String NOT_AUTHORIZED = "28000";

  Looked<ServerFacts> look() {
    try {
      var facts = Within.run(PATIENCE, cluster::server);
      var findings = new ArrayList<Finding>();
      findings.add(new Fine("PostgreSQL " + facts.version() + " lets " + facts.user() + " in"));
      identity(facts).ifPresent(findings::add);
      return new Looked<>(findings, Optional.of(facts));
    } catch (PostgresException e) {
      return Looked.nothing(trouble(e));
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

  /** What the server said, and what to do. */
  Trouble trouble(PostgresException e) {
    var problem = e.problem();
    var hint = problem.hint().orElse("see the server's log");
    var what = patient.masking().mask(problem.what());
    return new Trouble(
        what,
        switch (e.sqlState()) {
          case WRONG_PASSWORD ->
              hint
                  + "; to give the role the password of today: "
                  + patient.sql("postgres", "\\password " + patient.user());
          case NOT_AUTHORIZED -> notAuthorized(what, hint);
          default -> hint;
        });
  }

  private String notAuthorized(String what, String hint) {
    if (what.contains("does not exist")) {
      return "as a superuser: "
          + superuser("createuser", List.of("--pwprompt", patient.user()))
          + "; or correct database.user";
    }
    return what.contains("pg_hba.conf")
        ? "add a line for "
            + patient.user()
            + " to the server's pg_hba.conf, then as a superuser: "
            + superuser("psql", List.of("-c", "SELECT pg_reload_conf()"))
        : hint;
  }

  private String superuser(String program, List<String> arguments) {
    return patient.program(program, arguments).replaceFirst("-U \\S+", "-U SUPERUSER");
  }
}
