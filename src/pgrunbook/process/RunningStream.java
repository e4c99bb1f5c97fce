package pgrunbook.process;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads a child's output on a thread of its own, so that the one who asks can be interrupted. */
final class RunningStream extends ChildStream {
  private static final Duration LINGER = Duration.ofSeconds(3);
  private static final Duration AGES = Duration.ofDays(10_000);

  private final String program;
  private final Launcher.Started child;
  private final Deadline deadline;
  private final Duration grace;
  private final ErrorTail tail = new ErrorTail();
  private final Receipt receipt;
  private final Pump err;
  private final Feeder feeder;
  private final Chunks chunks;
  private volatile @Nullable IOException unfed;
  private boolean ended;

  RunningStream(
      ChildCommand command,
      Launcher.Started child,
      Stdin stdin,
      Deadline deadline,
      Duration grace) {
    this.program = command.program();
    this.receipt = new Receipt(command.receipt());
    this.child = child;
    this.deadline = deadline;
    this.grace = grace;
    var process = child.process();
    this.feeder = new Feeder(process.getOutputStream(), stdin, this::notFed);
    this.err =
        Pump.lines(
            "stderr",
            process.getErrorStream(),
            line -> receipt.read(line).ifPresent(tail::add),
            _ -> {});
    this.chunks = new Chunks(process.getInputStream(), "stdout");
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (chunks.isClosed()) {
      throw new IOException("stream closed");
    }
    if (length == 0) {
      return 0;
    }
    return chunks.ready() > 0 || nextChunk() ? chunks.copy(bytes, offset, length) : -1;
  }

  @Override
  public List<String> warnings() {
    var _ = err.isOver(LINGER);
    return tail.lines();
  }

  @Override
  public int available() {
    return chunks.ready();
  }

  @Override
  public void close() {
    if (chunks.isClosed()) {
      return;
    }
    chunks.close();
    if (!ended) {
      child.group().end(grace);
    }
    feeder.abandon();
  }

  /** A child that does not get its input has to end before it takes that for the end of it. */
  private void notFed(Throwable cause) {
    unfed = new IOException("its input could not be read: " + cause.getMessage(), cause);
    child.group().end(grace);
  }

  private boolean nextChunk() throws IOException {
    if (ended) {
      return false;
    }
    try {
      var next = chunks.await(deadline.atMost(AGES).plusSeconds(1));
      if (next == Chunks.Next.NOT_IN_TIME || (next == Chunks.Next.END && !exitsInTime())) {
        throw ended("its time was over");
      }
      return next == Chunks.Next.THERE || isGoodEnd();
    } catch (InterruptedException _) {
      close();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while reading from '" + program + "'");
    }
  }

  private boolean exitsInTime() throws InterruptedException {
    var left = deadline.atMost(AGES);
    return child.process().waitFor(left.toMillis() + 1, TimeUnit.MILLISECONDS);
  }

  /** False, for the end; the end of a child that failed is an exception. */
  private boolean isGoodEnd() throws IOException {
    ended = true;
    var exit = child.process().exitValue();
    var broken = Optional.ofNullable(unfed).or(chunks::broken);
    if (broken.isPresent()) {
      throw new IOException("'" + program + "': " + broken.get().getMessage(), broken.get());
    }
    if (exit != 0) {
      throw ended("exit code " + exit);
    }
    if (receipt.isWanted() && !(err.isOver(LINGER) && receipt.isConfirmed())) {
      throw ended("the connection to it was lost");
    }
    if (receipt.exit(exit) != 0) {
      throw ended("exit code " + receipt.exit(exit));
    }
    return false;
  }

  private IOException ended(String why) {
    child.group().end(grace);
    ended = true;
    var _ = err.isOver(LINGER);
    var lines = tail.lines();
    var text = lines.isEmpty() ? "" : ": " + String.join("\n", lines);
    return new IOException("'" + program + "' ended, " + why + text);
  }
}
