package pgrunbook.actions;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Sizes, ages and times as people read them. */
final class Amounts {
  private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};
  private static final double STEP = 1024;
  private static final double WHOLE_FROM = 100;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Amounts() {}

  /** In the units of PostgreSQL, which counts 1,024 to a step: <code>12.3 MB</code>. */
  static String bytes(long bytes) {
    var amount = (double) bytes;
    var unit = 0;
    while (amount >= STEP && unit < UNITS.length - 1) {
      amount /= STEP;
      unit++;
    }
    var pattern = unit == 0 || amount >= WHOLE_FROM ? "%.0f %s" : "%.1f %s";
    return String.format(Locale.ROOT, pattern, amount, UNITS[unit]);
  }

  /** The two largest units that count: <code>2 h 5 min</code>. */
  static String age(Duration age) {
    if (age.toDays() > 0) {
      return age.toDays() + " d " + age.toHoursPart() + " h";
    } else if (age.toHours() > 0) {
      return age.toHours() + " h " + age.toMinutesPart() + " min";
    }
    return age.toMinutes() > 0 ? age.toMinutes() + " min" : Math.max(0, age.toSeconds()) + " s";
  }

  static String time(Instant time) {
    return TIME.format(time);
  }

  /** To a tenth of a second. */
  static double seconds(Duration took) {
    return Math.round(took.toMillis() / 100.0) / 10.0;
  }
}
