package pgrunbook.migration;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A migration's version as Flyway compares them: numbers between dots, so that 1.10 follows 1.9 and
 * 1.0 is 1.
 */
public final class Version implements Comparable<Version> {
  private static final Pattern FORM = Pattern.compile("[0-9]+([._][0-9]+)*");

  private final String text;
  private final List<BigInteger> parts;

  private Version(String text) {
    this.text = text.replace('_', '.');
    var numbers = new ArrayList<BigInteger>();
    Arrays.stream(this.text.split("\\.")).map(BigInteger::new).forEach(numbers::add);
    while (numbers.size() > 1 && numbers.getLast().signum() == 0) {
      numbers.removeLast();
    }
    this.parts = List.copyOf(numbers);
  }

  /** The version that a file name, a history row or a person writes; empty where it is none. */
  public static Optional<Version> parse(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new Version(text)) : Optional.empty();
  }

  /**
   * The version that is certainly one.
   *
   * @throws IllegalArgumentException where it is none
   */
  public static Version of(String text) {
    return parse(text).orElseThrow(() -> new IllegalArgumentException("no version: " + text));
  }

  @Override
  public int compareTo(Version other) {
    for (var i = 0; i < Math.max(parts.size(), other.parts.size()); i++) {
      var order = part(i).compareTo(other.part(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private BigInteger part(int index) {
    return index < parts.size() ? parts.get(index) : BigInteger.ZERO;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Version version && parts.equals(version.parts);
  }

  @Override
  public int hashCode() {
    return parts.hashCode();
  }

  /** As it was written, with dots. */
  @Override
  public String toString() {
    return text;
  }
}
