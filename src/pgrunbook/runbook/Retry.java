package pgrunbook.runbook;

import java.time.Duration;
import pgrunbook.yaml.Default;
import pgrunbook.yaml.Doc;

/** How often, and after which pauses, a step that failed is tried again. */
public record Retry(
    @Doc("how often the step is tried in all, from 1 to 100") @Default("1") int maxAttempts,
    @Doc("pause before the second attempt") @Default("1s") Duration delay,
    @Doc("what each further pause is multiplied with, from 1 to 10") @Default("2.0")
        double backoff) {
  public static final Retry NEVER = new Retry(1, Duration.ofSeconds(1), 2.0);

  public Retry {
    if (maxAttempts < 1 || maxAttempts > 100) {
      throw new IllegalArgumentException("'max_attempts' must be from 1 to 100");
    }
    if (delay.isNegative() || delay.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException("'delay' must be from 0s to 1h");
    }
    if (!(backoff >= 1 && backoff <= 10)) {
      throw new IllegalArgumentException("'backoff' must be from 1 to 10");
    }
  }
}
