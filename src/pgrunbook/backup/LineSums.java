package pgrunbook.backup;

import java.util.HexFormat;

/**
 * How many lines there were, and the sum of their 128-bit hashes: the same for the same lines in
 * any order, duplicates counted.
 */
public record LineSums(long count, long high, long low) {
  public static final LineSums NONE = new LineSums(0, 0, 0);

  /** The sums of both sets of lines together. */
  public LineSums plus(LineSums other) {
    var sum = low + other.low;
    var carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
    return new LineSums(count + other.count, high + other.high + carry, sum);
  }

  /** The content without the count, as 32 hexadecimal digits. */
  public String content() {
    return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
  }
}
