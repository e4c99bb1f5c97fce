package pgrunbook.process;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When something has to be over.
 *
 * @param at empty where it may take as long as it takes
 */
public record Deadline(Optional<Instant> at) {
  private static final Deadline NONE = new Deadline(Optional.empty());

  public static Deadline none() {
    return NONE;
  }

  public static Deadline at(Instant instant) {
    return new Deadline(Optional.of(instant));
  }

  public static Deadline in(Duration duration) {
    return at(Instant.now().plus(duration));
  }

  /** What is left, never negative; empty where there is no limit. */
  public Optional<Duration> remaining() {
    return at.map(end -> {
      var left = Duration.between(Instant.now(), end);
      return left.isNegative() ? Duration.ZERO : left;
    });
  }

  public boolean expired() {
    return remaining().map(Duration::isZero).orElse(false);
  }

  /** The earlier of the two. */
  public Deadline or(Deadline other) {
    if (at.isEmpty()) {
      return other;
    }
    return other.at.isEmpty() || at.get().isBefore(other.at.get()) ? this : other;
  }

  /** The shorter of that time and what is left. */
  public Duration atMost(Duration duration) {
    return remaining().filter(left -> left.compareTo(duration) < 0).orElse(duration);
  }
}
