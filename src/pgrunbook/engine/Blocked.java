package pgrunbook.engine;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import pgrunbook.postgres.Activities;
import pgrunbook.postgres.Activity;
import pgrunbook.postgres.ClusterView;
import pgrunbook.postgres.Connections;

/** Who has the lock that a step waits for, asked when its time is over and it still waits. */
final class Blocked {
  /** A server that does not answer must not keep a step whose time is over. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private Blocked() {}

  /**
   * Those whom the sessions of that name wait for, in words; empty where they wait for nobody, or
   * nobody can tell.
   */
  static Optional<String> by(ClusterView cluster, String application) {
    var task =
        new FutureTask<>(
            () -> among(cluster.read(Connections.MAINTENANCE, Activities::all), application));
    var thread = Thread.ofPlatform().daemon().name("who blocks").start(task);
    try {
      return task.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException _) {
      thread.interrupt();
      return Optional.empty();
    } catch (InterruptedException _) {
      thread.interrupt();
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static Optional<String> among(List<Activity> all, String application) {
    var who = new LinkedHashSet<String>();
    all.stream()
        .filter(it -> it.application().equals(application))
        .flatMap(it -> it.blockedBy().stream())
        .forEach(pid -> who.add(shown(pid, all)));
    return who.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", who));
  }

  private static String shown(int pid, List<Activity> all) {
    if (pid == 0) {
      return "a prepared transaction (pg_prepared_xacts names it)";
    }
    return all.stream()
        .filter(it -> it.pid() == pid)
        .findFirst()
        .map(Activity::shown)
        .orElse("pid " + pid);
  }
}
