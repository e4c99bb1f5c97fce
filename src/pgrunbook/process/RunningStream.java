package pgrunbook.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads a child's output on a thread of its own, so that the one who asks can be interrupted. */
final class RunningStream extends ChildStream {
  private static final Duration LINGER = Duration.ofSeconds(3);

  private final String program;
  private final Launcher.Started child;
  private final Deadline deadline;
  private final Duration grace;
  private final ErrorTail tail = new ErrorTail();
  private final boolean wantsReceipt;
  private final Receipt receipt = new Receipt();
  private final Pump err;
  private final Feeder feeder;

  /** What was read; nothing in it means the end. */
  private final BlockingQueue<Optional<byte[]>> chunks = new ArrayBlockingQueue<>(16);

  private volatile boolean closed;
  private volatile @Nullable IOException broken;
  private byte[] chunk = {};
  private int position;
  private boolean ended;

  RunningStream(
      ChildCommand command,
      Launcher.Started child,
      Stdin stdin,
      Deadline deadline,
      Duration grace) {
    this.program = command.program();
    this.wantsReceipt = command.receipt();
    this.child = child;
    this.deadline = deadline;
    this.grace = grace;
    var process = child.process();
    this.feeder = new Feeder(process.getOutputStream(), stdin, this::notFed);
    this.err = Pump.lines("stderr", process.getErrorStream(), this::told, _ -> {});
    Thread.ofPlatform().daemon().name("stdout").start(() -> fetch(process.getInputStream()));
  }

  private void told(String line) {
    (wantsReceipt ? receipt.read(line) : Optional.of(line)).ifPresent(tail::add);
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (closed) {
      throw new IOException("stream closed");
    }
    if (length == 0) {
      return 0;
    }
    if (position == chunk.length && !nextChunk()) {
      return -1;
    }
    var count = Math.min(length, chunk.length - position);
    System.arraycopy(chunk, position, bytes, offset, count);
    position += count;
    return count;
  }

  @Override
  public int available() {
    return chunk.length - position;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (!ended) {
      child.group().end(grace);
    }
    feeder.abandon();
  }

  /** A child that does not get its input has to end before it takes that for the end of it. */
  private void notFed(Throwable cause) {
    broken = new IOException("its input could not be read: " + cause.getMessage(), cause);
    child.group().end(grace);
  }

  private boolean nextChunk() throws IOException {
    if (ended) {
      return false;
    }
    try {
      var left = deadline.atMost(Duration.ofDays(10_000));
      var next = chunks.poll(left.toSeconds() + 1, TimeUnit.SECONDS);
      if (next == null || (next.isEmpty() && !exitsInTime())) {
        throw ended("its time was over");
      }
      if (next.isEmpty()) {
        return isGoodEnd();
      }
      chunk = next.get();
      position = 0;
      return true;
    } catch (InterruptedException _) {
      close();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while reading from '" + program + "'");
    }
  }

  private boolean exitsInTime() throws InterruptedException {
    var left = deadline.atMost(Duration.ofDays(10_000));
    return child.process().waitFor(left.toMillis() + 1, TimeUnit.MILLISECONDS);
  }

  /** False, for the end; the end of a child that failed is an exception. */
  private boolean isGoodEnd() throws IOException {
    ended = true;
    var exit = child.process().exitValue();
    if (broken != null) {
      throw new IOException("'" + program + "': " + broken.getMessage(), broken);
    }
    if (exit != 0) {
      throw ended("exit code " + exit);
    }
    if (wantsReceipt && !(err.isOver(LINGER) && receipt.isSeen())) {
      throw ended("the connection to it was lost");
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

  private void fetch(InputStream from) {
    var buffer = new byte[64 * 1024];
    try {
      for (int count; (count = from.read(buffer)) >= 0; ) {
        if (!hand(Optional.of(Arrays.copyOf(buffer, count)))) {
          return;
        }
      }
    } catch (IOException e) {
      broken = e;
    }
    hand(Optional.empty());
  }

  private boolean hand(Optional<byte[]> next) {
    try {
      while (!closed) {
        if (chunks.offer(next, 100, TimeUnit.MILLISECONDS)) {
          return true;
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return false;
  }
}
