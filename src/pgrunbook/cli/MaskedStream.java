package pgrunbook.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * A stream on which no secret is shown that is known when a text is printed. Texts are masked as
 * they are given: all of this program's messages are given as a whole.
 */
final class MaskedStream extends PrintStream {
  private final PrintStream stream;
  private final Secrets secrets;

  MaskedStream(PrintStream stream, Secrets secrets) {
    super(stream, true, StandardCharsets.UTF_8);
    this.stream = stream;
    this.secrets = secrets;
  }

  /** The same without a mask, for data that somebody has asked for. */
  PrintStream unmasked() {
    return stream;
  }

  @Override
  public void print(String text) {
    stream.print(secrets.masking().mask(String.valueOf(text)));
  }

  @Override
  public void print(Object value) {
    print(String.valueOf(value));
  }
}
