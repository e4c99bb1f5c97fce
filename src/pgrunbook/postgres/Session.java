package pgrunbook.postgres;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Somebody who is connected, as in pg_stat_activity.
 *
 * @param application the server cuts it after 63 bytes
 * @param client address, or <code>local</code>, or <code>not visible</code> to this role
 * @param state as the server says it, such as <code>idle in transaction</code>
 * @param queryAge since its statement started; empty where it runs none or it is not visible
 */
public record Session(
    int pid,
    Optional<String> database,
    String user,
    String application,
    String client,
    String state,
    Optional<Instant> started,
    Optional<Duration> queryAge) {
  /** Such as <code>pid 4711, user app, application 'cron', 10.0.0.7, idle</code>. */
  public String shown() {
    var name = application.isEmpty() ? "" : ", application '" + application + "'";
    return "pid " + pid + ", user " + user + name + ", " + client + ", " + state;
  }
}
