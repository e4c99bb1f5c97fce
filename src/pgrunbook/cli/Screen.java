package pgrunbook.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Where people read: what would move the cursor, colour, hide or turn around what they see is
 * spelled out, whoever has put it into a name, a param or a message. Bytes go through as they are.
 */
final class Screen extends PrintStream {
  /** Controls but tab and newline, and what Unicode has for writing from right to left. */
  private static final Pattern UNSEEN =
      Pattern.compile("[\\p{Cc}\\u061C\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069&&[^\\t\\n]]");

  Screen(OutputStream out) {
    super(out, true, StandardCharsets.UTF_8);
  }

  /** With escapes that mean the same in JSON. */
  static String spelled(String text) {
    return UNSEEN
        .matcher(text)
        .replaceAll(it -> String.format("\\\\u%04x", (int) it.group().charAt(0)));
  }

  @Override
  public void print(String text) {
    super.print(spelled(String.valueOf(text)));
  }

  @Override
  public void print(Object object) {
    print(String.valueOf(object));
  }
}
