package pgrunbook.cli;

import java.util.Optional;

/** The terminal that a person sits at, if one does. */
final class Terminal {
  private Terminal() {}

  static boolean isThere() {
    return Optional.ofNullable(System.console()).map(it -> it.isTerminal()).orElse(false);
  }

  /** What the person types; nothing at the end of the input. */
  static Optional<String> readLine() {
    return Optional.ofNullable(System.console()).flatMap(it -> Optional.ofNullable(it.readLine()));
  }
}
