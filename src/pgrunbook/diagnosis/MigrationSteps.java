package pgrunbook.diagnosis;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import pgrunbook.diagnosis.Finding.CouldNotCheck;
import pgrunbook.diagnosis.Finding.Fine;
import pgrunbook.diagnosis.Finding.Trouble;
import pgrunbook.migration.History;
import pgrunbook.migration.MigrationState;
import pgrunbook.migration.Migrations;
import pgrunbook.postgres.PlainCluster;
import pgrunbook.postgres.PostgresException;
import pgrunbook.text.Problem;

/** Whether the files of migrations and the database's history agree. */
record MigrationSteps(Patient patient, PlainCluster cluster) {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  List<Finding> look() {
    var settings = patient.environment().migrations();
    try {
      var history = Within.run(PATIENCE, () -> History.read(cluster, patient.database(), settings));
      if (!history.present() && !Files.exists(settings.dir())) {
        return List.of(); // a project without migrations
      }
      return judged(Migrations.read(settings), history);
    } catch (PostgresException e) {
      return List.of(unknown(e.problem().what()));
    } catch (TimeoutException _) {
      return List.of(unknown("no answer within " + PATIENCE.toSeconds() + " s"));
    }
  }

  private static Finding unknown(String why) {
    return new CouldNotCheck("migrations", why);
  }

  private List<Finding> judged(Migrations files, History history) {
    var findings = new ArrayList<Finding>();
    files.problems().forEach(problem -> findings.add(trouble(problem)));
    var state = MigrationState.of(files, history);
    state.odd().forEach(odd -> findings.add(trouble(odd.problem())));
    if (!state.pending().isEmpty()) {
      findings.add(pending(state));
    }
    if (findings.isEmpty()) {
      findings.add(
          new Fine(
              "migrations are in step, at "
                  + state.current().map(String::valueOf).orElse("nothing yet")));
    }
    return findings;
  }

  private Finding pending(MigrationState state) {
    var count = state.pending().size();
    var runbook = patient.environment().isProtected() ? "migrate-prod" : "migrate";
    return new Trouble(
        "%d %s pending, the next is %s"
            .formatted(
                count,
                count == 1 ? "migration is" : "migrations are",
                state.pending().getFirst().shown()),
        patient.unlessRunWaits(
            patient.called("run " + runbook + " --env " + patient.environment().name())));
  }

  private static Finding trouble(Problem problem) {
    var where = problem.at().isKnown() ? problem.at() + ": " : "";
    return new Trouble(where + problem.what(), problem.hint().orElse("see 'migration status'"));
  }
}
