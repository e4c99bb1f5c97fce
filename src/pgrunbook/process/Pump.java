package pgrunbook.process;

import java.io.InputStream;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.commons.exec.StreamPumper;

/** Carries one of a child's outputs to its reader, on a thread of its own. */
final class Pump {
  private final InputStream from;
  private final Thread thread;

  private Pump(InputStream from, Thread thread) {
    this.from = from;
    this.thread = thread;
  }

  static Pump lines(
      String name, InputStream from, Consumer<String> lines, Consumer<RuntimeException> failure) {
    var pumper = new StreamPumper(from, new LineSplitter(lines, failure), true, 64 * 1024);
    return new Pump(from, Thread.ofPlatform().daemon().name(name).start(pumper));
  }

  /** Whether all output has come; it has not while somebody holds the pipe. */
  boolean isOver(Duration patience) {
    return Waiting.until(patience, () -> !thread.isAlive());
  }

  /** Stops listening to whoever still holds the pipe. */
  void abandon() {
    Closing.quietly(from);
  }
}
