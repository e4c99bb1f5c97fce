package pgrunbook.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** What a child reads from its standard input. */
public sealed interface Stdin {
  /** Nothing: the child sees the end at once. */
  record None() implements Stdin {}

  /** What the writer writes, on a thread of its own. */
  record From(Writer writer) implements Stdin {}

  /**
   * Writes a child's input; closing the stream has no effect, the child sees the end when the
   * writer returns. When it throws, the child and its group are killed before their input ends.
   */
  @FunctionalInterface
  interface Writer {
    void writeTo(OutputStream out) throws IOException, InterruptedException;
  }

  static Stdin none() {
    return new None();
  }

  static Stdin from(Writer writer) {
    return new From(writer);
  }

  static Stdin of(String text) {
    return from(out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }
}
