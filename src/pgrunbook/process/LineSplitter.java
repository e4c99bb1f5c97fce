package pgrunbook.process;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Cuts a stream of bytes into lines of bounded length. It takes everything also when a consumer
 * failed: a child whose output nobody takes would stand still.
 */
final class LineSplitter extends OutputStream {
  static final int LONGEST = 64 * 1024;
  static final String CUT = " … (cut)";

  private final Consumer<String> lines;
  private final Consumer<RuntimeException> failure;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private boolean cut;
  private boolean failed;

  LineSplitter(Consumer<String> lines, Consumer<RuntimeException> failure) {
    this.lines = lines;
    this.failure = failure;
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    var from = offset;
    for (var i = offset; i < offset + length; i++) {
      if (bytes[i] == '\n') {
        append(bytes, from, i - from);
        emit();
        from = i + 1;
      }
    }
    append(bytes, from, offset + length - from);
  }

  /** The end of the stream: a last line may have no end. */
  @Override
  public void close() {
    if (line.size() > 0) {
      emit();
    }
  }

  private void append(byte[] bytes, int offset, int length) {
    var room = LONGEST - line.size();
    line.write(bytes, offset, Math.min(room, length));
    cut |= length > room;
  }

  private void emit() {
    var text = line.toString(StandardCharsets.UTF_8);
    text = text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    text = cut ? text + CUT : text;
    line.reset();
    cut = false;
    if (failed) {
      return;
    }
    try {
      lines.accept(text);
    } catch (RuntimeException e) {
      failed = true;
      failure.accept(e);
    }
  }
}
