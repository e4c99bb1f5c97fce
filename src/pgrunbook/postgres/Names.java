package pgrunbook.postgres;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import pgrunbook.text.Problem;

/** The limit of PostgreSQL's names: 63 bytes, after which it cuts them and says so in a notice. */
public final class Names {
  public static final int LONGEST = 63;

  private Names() {}

  /** The base and the suffix, the base shortened by whole characters until both fit. */
  public static String fitting(String base, String suffix) {
    var room = LONGEST - bytes(suffix);
    if (room < 1) {
      throw new IllegalArgumentException("the suffix '" + suffix + "' leaves no room for a name");
    }
    var end = base.length();
    while (bytes(base.substring(0, end)) > room) {
      end = base.offsetByCodePoints(end, -1);
    }
    return base.substring(0, end) + suffix;
  }

  /** What is wrong with a name, if anything is. */
  public static Optional<Problem> check(String name) {
    if (name.isEmpty()) {
      return Optional.of(Problem.of("a name is empty"));
    }
    if (name.indexOf('\0') >= 0) {
      return Optional.of(Problem.of("a name holds a NUL character"));
    }
    return bytes(name) <= LONGEST
        ? Optional.empty()
        : Optional.of(
            Problem.of(
                "the name '" + name + "' has " + bytes(name) + " bytes",
                "PostgreSQL cuts names after " + LONGEST + " bytes: choose a shorter one"));
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
