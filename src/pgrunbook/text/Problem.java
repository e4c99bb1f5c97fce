package pgrunbook.text;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Something the operator must fix: where, what, and what to try.
 *
 * @param what one concrete sentence, lowercase, without a final stop
 */
public record Problem(Place at, String what, Optional<String> hint) {
  private static final Pattern STEERING =
      Pattern.compile(
          "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x{9f}\\x{202a}-\\x{202e}\\x{2066}-\\x{2069}]");

  public static Problem of(String what) {
    return new Problem(Place.NONE, what, Optional.empty());
  }

  public static Problem of(String what, String hint) {
    return new Problem(Place.NONE, what, Optional.of(hint));
  }

  /** This problem at that place, unless it already knows a better one. */
  public Problem orAt(Place place) {
    return at.isKnown() ? this : new Problem(place, what, hint);
  }

  @Override
  public String toString() {
    var where = at.isKnown() ? at + ": " : "";
    return visible(where + what + hint.map(h -> "\n  hint: " + h).orElse(""));
  }

  /** What a file holds must not steer the terminal that a problem is shown on. */
  private static String visible(String text) {
    return STEERING
        .matcher(text)
        .replaceAll(it -> String.format("\\\\u%04x", (int) it.group().charAt(0)));
  }
}
