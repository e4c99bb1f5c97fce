package pgrunbook.process;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a child's input on a thread of its own. The input only ends when the writer has returned:
 * a program like psql takes the end of its input for the end of the work and commits.
 */
final class Feeder {
  private final OutputStream to;
  private final @Nullable Thread thread;
  private volatile boolean brokenPipe;

  Feeder(OutputStream to, Stdin stdin, Consumer<Throwable> failure) {
    this.to = to;
    this.thread =
        switch (stdin) {
          case Stdin.None() -> {
            closeUnused();
            yield null;
          }
          case Stdin.From(var writer) ->
              Thread.ofPlatform().daemon().name("stdin").start(() -> write(writer, failure));
        };
  }

  /** Nothing was written, so there is nothing to wait for. */
  private void closeUnused() {
    try {
      to.close();
    } catch (IOException _) {
      // the child is gone already
    }
  }

  private void write(Stdin.Writer writer, Consumer<Throwable> failure) {
    try {
      writer.writeTo(new Unclosable());
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      if (!brokenPipe) {
        failure.accept(e);
      }
      return; // without closing: that would look like the end of the input
    }
    try {
      to.close();
    } catch (IOException _) {
      brokenPipe = true;
    }
  }

  /** Whether the writer has returned; a child that ended early makes its next write fail. */
  boolean isOver(Duration patience) {
    var writing = thread;
    return writing == null || Waiting.until(patience, () -> !writing.isAlive());
  }

  /** The child did not take everything; what was still in the pipe when it ended is not seen. */
  boolean brokenPipe() {
    return brokenPipe;
  }

  /** Only for when the child and its group are gone. */
  void abandon() {
    if (thread != null) {
      thread.interrupt();
      Closing.quietly(to);
    }
  }

  /** A writer that closes its stream, say by try-with-resources when it fails, ends nothing. */
  private final class Unclosable extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        to.write(bytes, offset, length);
      } catch (IOException e) {
        brokenPipe = true;
        throw e;
      }
    }

    @Override
    public void flush() throws IOException {
      try {
        to.flush();
      } catch (IOException e) {
        brokenPipe = true;
        throw e;
      }
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
