package pgrunbook.text;

import java.time.Duration;
import java.util.Locale;

/** Durations the way people say them. */
public final class Durations {
  private static final long MINUTE = 60;
  private static final long HOUR = 3600;
  private static final long DAY = 86400;

  private Durations() {}

  /** <code>0.4 s</code>, <code>12 s</code>, <code>3 min 5 s</code>, <code>2 h 5 min</code>. */
  public static String shown(Duration duration) {
    var seconds = duration.toSeconds();
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
    if (seconds < MINUTE) {
      return seconds + " s";
    }
    if (seconds < HOUR) {
      return two(seconds, MINUTE, " min", 1, " s");
    }
    return seconds < DAY
        ? two(seconds, HOUR, " h", MINUTE, " min")
        : two(seconds, DAY, " d", HOUR, " h");
  }

  private static String two(long seconds, long big, String bigUnit, long small, String smallUnit) {
    var rest = seconds % big / small;
    var first = seconds / big + bigUnit;
    return rest == 0 ? first : first + " " + rest + smallUnit;
  }
}
