package pgrunbook.engine;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Stack traces as text, for logs. */
final class Stacks {
  private Stacks() {}

  static String of(Throwable why) {
    var text = new StringWriter();
    why.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }
}
