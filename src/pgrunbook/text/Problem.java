package pgrunbook.text;

import java.util.Optional;

/**
 * Something the operator must fix: where, what, and what to try.
 *
 * @param what one concrete sentence, lowercase, without a final stop
 */
public record Problem(Place at, String what, Optional<String> hint) {
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
    return where + what + hint.map(h -> "\n  hint: " + h).orElse("");
  }
}
