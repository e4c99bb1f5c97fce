package pgrunbook.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The last line of a program that runs somewhere else, such as in a container: it says how the
 * program ended. Docker's <code>exec</code> ends with exit code 0 when its connection is cut while
 * the program goes on (tried with engine 20.10, Compose 1.29 and 2.26): only a receipt tells both
 * apart.
 */
final class Receipt {
  private static final String SCRIPT =
      "\"$@\"; code=$?; echo \"pgrunbook: exit $code\" >&2; exit $code";
  private static final Pattern LINE = Pattern.compile("(.*)pgrunbook: exit (\\d{1,3})");

  private final boolean wanted;
  private volatile Optional<Integer> code = Optional.empty();

  /**
   * What to expect of a program.
   *
   * @param wanted whether it writes one
   */
  Receipt(boolean wanted) {
    this.wanted = wanted;
  }

  /** The program, with a receipt behind all that it writes to its standard error. */
  static List<String> wrapped(List<String> argv) {
    var words = new ArrayList<>(List.of("sh", "-c", SCRIPT, "sh"));
    words.addAll(argv);
    return words;
  }

  /** What is left of a line of standard error when the receipt is taken out. */
  Optional<String> read(String line) {
    var matcher = LINE.matcher(line);
    if (!wanted || !matcher.matches()) {
      return Optional.of(line);
    }
    code = Optional.of(Integer.valueOf(matcher.group(2)));
    return Optional.of(matcher.group(1)).filter(rest -> !rest.isEmpty());
  }

  boolean isWanted() {
    return wanted;
  }

  /** Whether the program is known to have ended. */
  boolean isConfirmed() {
    return !wanted || code.isPresent();
  }

  /**
   * The program's own exit code where it came and the one who carried it ended with 0: a connection
   * that is cut behind the receipt looks like a success.
   */
  int exit(int carrier) {
    return carrier == 0 ? code.orElse(carrier) : carrier;
  }
}
