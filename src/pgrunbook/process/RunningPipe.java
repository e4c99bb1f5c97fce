package pgrunbook.process;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;

/** A child whose two main streams belong to somebody else. */
final class RunningPipe implements ChildPipe {
  private static final Duration MOMENT = Duration.ofSeconds(2);

  private final Launcher.Started child;
  private final Duration grace;
  private final ErrorTail tail = new ErrorTail();
  private final Pump err;

  RunningPipe(Launcher.Started child, Duration grace) {
    this.child = child;
    this.grace = grace;
    this.err = Pump.lines("stderr", child.process().getErrorStream(), tail::add, _ -> {});
  }

  @Override
  public InputStream input() {
    return child.process().getInputStream();
  }

  @Override
  public OutputStream output() {
    return child.process().getOutputStream();
  }

  @Override
  public boolean isAlive() {
    return child.process().isAlive();
  }

  @Override
  public List<String> lastWords() {
    var _ = Waiting.until(MOMENT, () -> !isAlive()) && err.isOver(MOMENT);
    return tail.lines();
  }

  @Override
  public void release() {
    Thread.ofVirtual().start(() -> Closing.quietly(output())); // waits for a writer that is stuck
    Thread.ofVirtual()
        .start(() -> {
          if (Waiting.until(MOMENT, () -> !isAlive())) {
            Closing.quietly(input());
          } else {
            close();
          }
        });
  }

  @Override
  public void close() {
    child.group().end(grace);
    Closing.quietly(output());
    Closing.quietly(input());
  }
}
