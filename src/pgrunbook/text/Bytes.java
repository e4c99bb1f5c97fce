package pgrunbook.text;

import java.util.Locale;

/** Sizes the way people say them. */
public final class Bytes {
  private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};
  private static final double STEP = 1024;

  private Bytes() {}

  /** <code>17 B</code>, <code>1.4 kB</code>, <code>12 MB</code>: units of 1024, as PostgreSQL's. */
  public static String shown(long bytes) {
    var value = (double) bytes;
    var unit = 0;
    while (value >= STEP && unit < UNITS.length - 1) {
      value /= STEP;
      unit++;
    }
    return unit == 0 || value >= 100
        ? Math.round(value) + " " + UNITS[unit]
        : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
  }
}
