package pgrunbook.difference;

import java.util.List;
import java.util.Optional;

/**
 * What came of carrying changes out on a copy.
 *
 * @param database the copy, changed as far as it went
 * @param error the server's code where a statement failed
 * @param uncovered what is still different, or which statement failed
 */
record Trial(
    List<Change> changes, String database, Optional<String> error, List<String> uncovered) {
  /** A value was added to an enum in the same transaction. */
  private static final String UNSAFE_NEW_ENUM_VALUE = "55P04";

  Trial {
    changes = List.copyOf(changes);
    uncovered = List.copyOf(uncovered);
  }

  boolean isProven() {
    return uncovered.isEmpty();
  }

  boolean usesNewEnumValue() {
    return error.filter(UNSAFE_NEW_ENUM_VALUE::equals).isPresent();
  }
}
