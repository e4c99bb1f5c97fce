package pgrunbook.backup;

/**
 * Brings times with a zone to UTC, so that dumps written in different time zones compare equal. A
 * field counts as one where it has exactly PostgreSQL's ISO form, <code>2024-02-29
 * 12:00:00.5+05:30</code>, with <code>BC</code> or a longer year as the case may be.
 */
final class ZonedTimes {
  static final int SHORTEST = 22;
  static final int LONGEST = 48;

  private static final int SIZE = 14;
  private static final int FRACTION_DIGITS = 6;

  private final byte[] utc = new byte[SIZE];
  private byte[] bytes = {};
  private int at;
  private int end;
  private boolean wrong;

  /** Whether the field is such a time; then {@link #utc()} holds the instant. */
  boolean read(byte[] field, int from, int to) {
    if (to - from < SHORTEST || to - from > LONGEST || !isDigit(field[from])) {
      return false;
    }
    bytes = field;
    at = from;
    end = to;
    wrong = false;
    return parse();
  }

  /** Fourteen bytes that no text in UTF-8 contains; overwritten by the next read. */
  byte[] utc() {
    return utc;
  }

  private boolean parse() {
    var yearAt = at;
    long year = 0;
    while (at < end && isDigit(bytes[at])) {
      year = year * 10 + (bytes[at++] - '0');
    }
    if (at - yearAt < 4 || at - yearAt > 6) {
      return false;
    }
    var month = two('-');
    var day = two('-');
    var seconds = two(' ') * 3600L;
    seconds += two(':') * 60L;
    seconds += two(':');
    var micros = fraction();
    seconds -= offset();
    if (takes((byte) ' ')) {
      wrong |= !takes((byte) 'B') || !takes((byte) 'C');
      year = 1 - year;
    }
    if (wrong || at != end || month < 1 || month > 12) {
      return false;
    }
    write(days(year, month, day) * 86_400L + seconds, micros);
    return true;
  }

  private int two(char before) {
    if (wrong
        || at + 3 > end
        || bytes[at] != before
        || !isDigit(bytes[at + 1])
        || !isDigit(bytes[at + 2])) {
      wrong = true;
      return 0;
    }
    at += 3;
    return (bytes[at - 2] - '0') * 10 + bytes[at - 1] - '0';
  }

  private int fraction() {
    if (!takes((byte) '.')) {
      return 0;
    }
    var micros = 0;
    var digits = 0;
    for (; at < end && isDigit(bytes[at]); digits++) {
      micros = micros * 10 + (bytes[at++] - '0');
      wrong |= digits >= FRACTION_DIGITS;
    }
    wrong |= digits == 0;
    for (; digits < FRACTION_DIGITS; digits++) {
      micros *= 10;
    }
    return micros;
  }

  private long offset() {
    if (wrong || at >= end || (bytes[at] != '+' && bytes[at] != '-')) {
      wrong = true;
      return 0;
    }
    var sign = bytes[at] == '+' ? 1 : -1;
    var seconds = two((char) bytes[at]) * 3600L;
    if (at < end && bytes[at] == ':') {
      seconds += two(':') * 60L;
    }
    if (at < end && bytes[at] == ':') {
      seconds += two(':');
    }
    return sign * seconds;
  }

  private boolean takes(byte wanted) {
    if (at < end && bytes[at] == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  /** Days since 1970-01-01 in the proleptic Gregorian calendar, which PostgreSQL uses. */
  private static long days(long year, int month, int day) {
    var y = month <= 2 ? year - 1 : year;
    var era = Math.floorDiv(y, 400);
    var ofEra = y - era * 400;
    var ofYear = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468;
  }

  private void write(long seconds, int micros) {
    utc[0] = (byte) 0xFF;
    utc[1] = (byte) 0xFE;
    for (var i = 0; i < Long.BYTES; i++) {
      utc[2 + i] = (byte) (seconds >>> (8 * i));
    }
    for (var i = 0; i < Integer.BYTES; i++) {
      utc[2 + Long.BYTES + i] = (byte) (micros >>> (8 * i));
    }
  }
}
