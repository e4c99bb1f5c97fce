package pgrunbook.diagnosis;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import pgrunbook.diagnosis.Finding.CouldNotCheck;
import pgrunbook.diagnosis.Finding.Fine;
import pgrunbook.diagnosis.Finding.Trouble;
import pgrunbook.postgres.Activities;
import pgrunbook.postgres.Activity;
import pgrunbook.postgres.Identifiers;
import pgrunbook.text.Durations;

/** Who keeps others waiting, and which transactions have been open for too long. */
record Blockers(Patient patient, Limits limits) implements Check {
  private static final String CLIENT = "client backend";

  @Override
  public String about() {
    return "sessions that block others, and long transactions";
  }

  @Override
  public List<Finding> look(Connection connection) throws SQLException {
    var all = Activities.all(connection);
    var findings = new ArrayList<Finding>();
    var roots = roots(all);
    roots.forEach(root -> findings.add(blocking(root, all)));
    all.stream()
        .filter(it -> it.blockedBy().contains(0))
        .findFirst()
        .ifPresent(it ->
            findings.add(
                new Trouble(
                    "a prepared transaction blocks " + it.shown() + ": " + shown(it),
                    patient.sql("postgres", "SELECT gid, database, prepared FROM pg_prepared_xacts")
                        + " names it; COMMIT PREPARED or ROLLBACK PREPARED ends it, the latter loses what it wrote")));
    all.stream()
        .filter(it -> !roots.contains(it))
        .flatMap(it -> tooLong(it).stream())
        .forEach(findings::add);
    if (findings.isEmpty()) {
      findings.add(new Fine("no session blocks another, none is in a long transaction"));
    }
    hidden(all).ifPresent(findings::add);
    return findings;
  }

  /** Those who block somebody, and are not blocked themselves: ending them helps. */
  static List<Activity> roots(List<Activity> all) {
    return all.stream()
        .filter(it -> it.blockedBy().isEmpty())
        .filter(it -> all.stream().anyMatch(other -> other.blockedBy().contains(it.pid())))
        .toList();
  }

  private Finding blocking(Activity root, List<Activity> all) {
    var waiting = waitingFor(root, all);
    var who = String.join(", ", waiting.stream().limit(5).map(Activity::shown).toList());
    return new Trouble(
        "%s blocks %s%s: %s%s"
            .formatted(
                root.shown(),
                who,
                waiting.size() > 5 ? " and " + (waiting.size() - 5) + " more" : "",
                shown(root),
                since(root)),
        unlock(root));
  }

  /** Also those who wait for somebody who waits for it; each is looked at once. */
  static List<Activity> waitingFor(Activity root, List<Activity> all) {
    var waiting = new LinkedHashSet<Activity>();
    var next = new ArrayDeque<>(List.of(root.pid()));
    while (!next.isEmpty()) {
      int pid = next.remove();
      all.stream()
          .filter(it -> it.blockedBy().contains(pid) && waiting.add(it))
          .forEach(it -> next.add(it.pid()));
    }
    return List.copyOf(waiting);
  }

  private String shown(Activity activity) {
    return activity.visible()
        ? patient.masking().mask(activity.queryShown())
        : "its query is not visible to " + patient.user();
  }

  private static String since(Activity activity) {
    return activity
        .transactionAge()
        .map(age -> ", in a transaction of " + Durations.shown(age))
        .orElse("");
  }

  private Optional<Finding> tooLong(Activity activity) {
    if (!activity.backendType().equals(Optional.of(CLIENT))) {
      return Optional.empty();
    }
    var idle =
        activity.isIdleInTransaction()
            && activity.stateAge().filter(age -> age.compareTo(limits.idle()) > 0).isPresent();
    var old =
        activity
            .transactionAge()
            .filter(age -> age.compareTo(limits.transaction()) > 0)
            .isPresent();
    if (!idle && !old) {
      return Optional.empty();
    }
    var holds =
        activity
            .oldestAge()
            .map(age -> ", keeps rows of the last " + age + " transactions")
            .orElse("");
    return Optional.of(
        new Trouble(
            activity.shown() + since(activity) + holds + ": " + shown(activity), unlock(activity)));
  }

  /** As unlock itself decides: it refuses what is none of its environment's clients. */
  private String unlock(Activity activity) {
    var call =
        patient.called(
            "run unlock --set pid=" + activity.pid() + " --env " + patient.environment().name());
    return switch (activity.kind()) {
      case CLIENT ->
          activity.database().equals(Optional.of(patient.database()))
              ? call
              : "it is in database %s: unlock of that one's environment, or %s"
                  .formatted(activity.database().orElse("(none)"), terminate(activity));
      case NOT_VISIBLE ->
          "as a superuser: GRANT pg_read_all_stats TO "
              + Identifiers.quote(patient.user())
              + ", then "
              + call;
      case AUTOVACUUM ->
          "it makes way by itself, unless it keeps transaction numbers from running out: let it end";
      case OTHER_PROCESS ->
          "end it where it comes from: "
              + activity.backendType().orElse("a process of the server")
              + ", pid "
              + activity.pid();
      case RUN -> patient.called("status") + " shows the run, which 'resume' or 'rollback' ends";
    };
  }

  private String terminate(Activity activity) {
    return patient.sql("postgres", "SELECT pg_terminate_backend(" + activity.pid() + ")");
  }

  /** The server's own processes, such as the launcher of subscriptions, are in no database. */
  private Optional<Finding> hidden(List<Activity> all) {
    var hidden =
        all.stream()
            .filter(it -> !it.visible() && !it.user().isEmpty() && it.database().isPresent())
            .count();
    return hidden == 0
        ? Optional.empty()
        : Optional.of(
            new CouldNotCheck(
                "how long the transactions of "
                    + (hidden == 1 ? "1 session" : hidden + " sessions")
                    + " have been open",
                "role %s may not see them; as a superuser: GRANT pg_read_all_stats TO %s"
                    .formatted(patient.user(), Identifiers.quote(patient.user()))));
  }
}
