package pgrunbook.diagnosis;

import java.util.List;
import java.util.Optional;

/** What a look found, and what it opened for the looks that depend on it. */
record Looked<T>(List<Finding> findings, Optional<T> found) {
  Looked {
    findings = List.copyOf(findings);
  }

  static <T> Looked<T> nothing(Finding why) {
    return new Looked<>(List.of(why), Optional.empty());
  }
}
