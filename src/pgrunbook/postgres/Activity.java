package pgrunbook.postgres;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import pgrunbook.text.Durations;

/**
 * What a backend does at this moment, and whom it waits for.
 *
 * @param started empty where this role may not see it; then the other ages are unknown too
 * @param backendType such as <code>client backend</code>; empty where it may not be seen
 * @param state as the server says it, such as <code>idle in transaction</code>
 * @param stateAge since when it is in that state
 * @param transactionAge since its transaction began; empty where it has none
 * @param wrote whether its transaction has changed something, which ending it would lose
 * @param query the statement it runs, or ran last, whole
 * @param oldestAge how many transactions ago the oldest one began that it may still have to see
 * @param blockedBy who holds, or waits before it for, the lock it waits for; 0 is a prepared
 *     transaction
 */
public record Activity(
    int pid,
    Optional<Instant> started,
    Optional<String> database,
    String user,
    String application,
    String client,
    Optional<String> backendType,
    Optional<String> state,
    Optional<Duration> stateAge,
    Optional<Duration> transactionAge,
    boolean wrote,
    String query,
    Optional<Long> oldestAge,
    List<Integer> blockedBy) {
  private static final int LONGEST = 72;
  private static final Pattern RUN =
      Pattern.compile("pgrunbook(?:-lock)?/\\d{8}-\\d{6}-[a-z0-9]{4}(?:/|$)");

  public Activity {
    blockedBy = List.copyOf(blockedBy);
  }

  /** Whether this role may see what it does. */
  public boolean visible() {
    return started.isPresent();
  }

  /** What it is to somebody who wants to end it. */
  public enum Kind {
    CLIENT,
    NOT_VISIBLE,
    AUTOVACUUM,
    OTHER_PROCESS,
    RUN
  }

  /** Only a client's is anybody's to end; psql of this program is one, too, a run's is not. */
  public Kind kind() {
    var type = backendType.orElse("");
    if (!visible()) {
      return Kind.NOT_VISIBLE;
    }
    if (type.startsWith("autovacuum")) {
      return Kind.AUTOVACUUM;
    }
    if (!type.equals("client backend")) {
      return Kind.OTHER_PROCESS;
    }
    return RUN.matcher(application).lookingAt() ? Kind.RUN : Kind.CLIENT;
  }

  public boolean isIdleInTransaction() {
    return state.orElse("").startsWith("idle in transaction");
  }

  /** Such as <code>pid 4711 (user app, application 'cron', 10.0.0.7, idle for 3 min)</code>. */
  public String shown() {
    var name = application.isEmpty() ? "" : ", application '" + application + "'";
    var age = stateAge.map(it -> " for " + Durations.shown(it)).orElse("");
    return "pid %d (user %s%s, %s, %s%s)"
        .formatted(pid, user, name, client, state.orElse("state not visible"), age);
  }

  /**
   * Its query on one line, cut, without its literals: any of them may be a password or a key, and
   * the server shows them whatever masking knows.
   */
  public String queryShown() {
    var line = QueryText.withoutLiterals(query).replaceAll("\\s+", " ").strip();
    return line.codePointCount(0, line.length()) <= LONGEST
        ? line
        : line.substring(0, line.offsetByCodePoints(0, LONGEST)) + "…";
  }
}
