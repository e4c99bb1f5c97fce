package pgrunbook.process;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Reads a stream on a thread of its own and hands on what it has read, so that the one who asks for
 * it can be interrupted or ask for some time only. One thread asks.
 */
public final class Chunks {
  private static final int SIZE = 64 * 1024;
  private static final int AHEAD = 16;

  /** What was read; nothing in it means the end. */
  private final BlockingQueue<Optional<byte[]>> read = new ArrayBlockingQueue<>(AHEAD);

  private volatile boolean closed;
  private volatile Optional<IOException> broken = Optional.empty();
  private byte[] chunk = {};
  private int position;

  /**
   * Begins to read.
   *
   * @param name of the thread
   */
  public Chunks(InputStream from, String name) {
    Thread.ofPlatform().daemon().name(name).start(() -> fetch(from));
  }

  /** What waiting for the next chunk has come to. */
  public enum Next {
    THERE,
    END,
    NOT_IN_TIME
  }

  /** Bytes that {@link #copy} has at once. */
  public int ready() {
    return chunk.length - position;
  }

  /** Bytes that a reader would get without waiting. */
  public int available() {
    return ready() > 0
        ? ready()
        : Optional.ofNullable(read.peek()).flatMap(it -> it).map(it -> it.length).orElse(0);
  }

  /** Takes bytes that are ready. */
  public int copy(byte[] bytes, int offset, int length) {
    var count = Math.min(length, ready());
    System.arraycopy(chunk, position, bytes, offset, count);
    position += count;
    return count;
  }

  /** Waits until more bytes are ready; to be asked when none are. */
  public Next await(Duration patience) throws InterruptedException {
    var next = read.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    if (next == null) {
      return Next.NOT_IN_TIME;
    }
    if (next.isEmpty()) {
      return Next.END;
    }
    chunk = next.get();
    position = 0;
    return Next.THERE;
  }

  /** Why the stream ended, where it did not end by itself. */
  public Optional<IOException> broken() {
    return broken;
  }

  public boolean isClosed() {
    return closed;
  }

  /** Takes no more from the stream; whoever waits sees an end. */
  public void close() {
    closed = true;
    read.clear();
    var _ = read.offer(Optional.empty());
  }

  private void fetch(InputStream from) {
    var buffer = new byte[SIZE];
    try {
      for (int count; (count = from.read(buffer)) >= 0; ) {
        if (!hand(Optional.of(Arrays.copyOf(buffer, count)))) {
          return;
        }
      }
    } catch (IOException e) {
      broken = Optional.of(e);
    } catch (Throwable e) {
      broken = Optional.of(new IOException("reading broke off: " + e, e));
      throw e;
    } finally {
      hand(Optional.empty()); // whoever waits must not wait for ever
    }
  }

  private boolean hand(Optional<byte[]> next) {
    try {
      while (!closed) {
        if (read.offer(next, 100, TimeUnit.MILLISECONDS)) {
          return true;
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return false;
  }
}
