package pgrunbook.environment;

import java.util.List;

/** Refuses commands that name no program. */
final class Argv {
  private Argv() {}

  static List<String> copyOf(String name, List<String> argv) {
    if (argv.isEmpty() || argv.getFirst().isBlank()) {
      throw new IllegalArgumentException("'" + name + "' names no program");
    }
    return List.copyOf(argv);
  }
}
