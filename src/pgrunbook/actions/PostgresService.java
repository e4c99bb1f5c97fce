package pgrunbook.actions;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import pgrunbook.action.Act;
import pgrunbook.action.Look;
import pgrunbook.action.Preview;
import pgrunbook.action.RunTag;
import pgrunbook.action.StepFailed;
import pgrunbook.compose.ComposeView;
import pgrunbook.postgres.Activities;
import pgrunbook.postgres.Activity;
import pgrunbook.postgres.PostgresException;
import pgrunbook.process.Deadline;
import pgrunbook.text.Durations;

/** The service that PostgreSQL itself runs in: whoever restarts it cuts everybody off. */
public final class PostgresService {
  /** What it is called among an environment's commands. */
  private static final String USUAL = "postgres";

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final String EXAMPLE =
      "write its commands into the environment's file, such as services: {postgres: {stop: [systemctl,"
          + " stop, postgresql], start: [systemctl, start, postgresql], check: [systemctl, is-active,"
          + " --quiet, postgresql]}}";

  private PostgresService() {}

  /** Its name: Compose's, or the one by which an environment has commands for it. */
  public static String name(Optional<? extends ComposeView> compose) {
    return compose.map(ComposeView::postgresService).orElse(USUAL);
  }

  static boolean is(String service, Look look) {
    return !look.services().simulated() && service.equals(name(look.compose()));
  }

  /** How an environment gets commands for it. */
  static Optional<String> missing(String service, Look look) {
    return look.compose().isEmpty() && service.equals(USUAL)
        ? Optional.of(EXAMPLE)
        : Optional.empty();
  }

  /** Says who is connected and would be cut off. */
  static void cutOff(Preview.Builder preview, Look look) {
    var clients =
        look.cluster().read(USUAL, Activities::all).stream()
            .filter(it -> isClient(it, look))
            .toList();
    preview.fact("sessions that are cut off", clients.size());
    clients.forEach(it -> preview.warning("cuts off " + shown(it, look)));
  }

  /** Without this run's own; another run's, and a person's psql, are cut off as anybody is. */
  private static boolean isClient(Activity activity, Look look) {
    return activity.backendType().map(List.of("client backend", "walsender")::contains).orElse(true)
        && !activity.user().isEmpty()
        && !activity.application().equals("pgrunbook")
        && !activity.application().startsWith("pgrunbook-lock/")
        && !activity.application().startsWith(RunTag.prefix(look.run().id().orElse("plan")));
  }

  private static String shown(Activity activity, Look look) {
    var service = look.services().at(activity.client());
    return look.masking().mask(activity.shown() + service.map(it -> " (" + it + ")").orElse(""));
  }

  /**
   * Waits until the server lets this run in again: the engine has to take its lock again before the
   * next step.
   */
  static void awaitAnswer(Act act) throws StepFailed, InterruptedException {
    var end = Deadline.in(PATIENCE).or(act.deadline());
    while (true) {
      try {
        var server = act.cluster().server();
        act.log().line("PostgreSQL " + server.version() + " answers");
        return;
      } catch (PostgresException e) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        if (end.expired()) {
          throw new StepFailed(
              "PostgreSQL was restarted, and has not answered for "
                  + Durations.shown(PATIENCE)
                  + ": "
                  + e.problem().what(),
              "look into its log");
        }
        Thread.sleep(end.atMost(PAUSE));
      }
    }
  }
}
