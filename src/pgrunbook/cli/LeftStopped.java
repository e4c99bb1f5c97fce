package pgrunbook.cli;

import java.time.Duration;
import pgrunbook.actions.PostgresService;
import pgrunbook.environment.Environment;
import pgrunbook.journal.StepState;
import pgrunbook.postgres.PlainCluster;
import pgrunbook.postgres.PostgresException;
import pgrunbook.process.Deadline;
import pgrunbook.service.ServiceFailed;
import pgrunbook.service.ServiceState;
import pgrunbook.text.Refused;

/**
 * A run that was killed while PostgreSQL itself was stopped, by a restart that it was in the middle
 * of. Nobody could ever take it up again, for its lock is on that server: so the start, which the
 * step still owes, comes first. A server that does not run has no other run at work on it.
 */
final class LeftStopped {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private LeftStopped() {}

  /** Starts PostgreSQL where the run has left it so. */
  static void start(Context context, Project project, Environment environment, Known known) {
    if (known.state().steps().stream().noneMatch(LeftStopped::isOpenRestart)) {
      return;
    }
    var compose = Reach.compose(environment, project);
    var name = PostgresService.name(compose);
    var services = Site.Around.of(environment, project, compose).services();
    var left = known.state().steps().stream().anyMatch(it -> isOpenRestart(it) && names(it, name));
    if (!left || !(services.state(name) instanceof ServiceState.Stopped)) {
      return;
    }
    context.out().println("service " + name + " is stopped, as the run left it: starting it");
    try {
      services.start(name, Deadline.in(PATIENCE));
      awaitAnswer(Reach.of(environment, compose));
    } catch (ServiceFailed e) {
      throw new Refused(java.util.List.of(e.problem()));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isOpenRestart(StepState step) {
    return step.status().isOpen() && step.action().equals("service.restart");
  }

  private static boolean names(StepState step, String service) {
    return step.input()
        .map(input ->
            input.path("services").valueStream().anyMatch(named -> named.asText().equals(service)))
        .orElse(false);
  }

  /** Whoever opens the site next says why it does not answer, if it never does. */
  private static void awaitAnswer(Reach reach) throws InterruptedException {
    var end = Deadline.in(PATIENCE);
    try (var cluster = new PlainCluster(reach.connections(), () -> "pgrunbook")) {
      while (!end.expired() && !answers(cluster)) {
        Thread.sleep(200);
      }
    }
  }

  private static boolean answers(PlainCluster cluster) {
    try {
      return cluster.server().major() > 0;
    } catch (PostgresException _) {
      return false;
    }
  }
}
