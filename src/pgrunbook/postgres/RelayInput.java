package pgrunbook.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import pgrunbook.process.ChildPipe;
import pgrunbook.text.Problem;

/** What comes through a relay, with a socket's time-out. */
final class RelayInput extends InputStream {
  private static final int CHUNK = 64 * 1024;
  private static final int CHUNKS = 16;

  private final ChildPipe pipe;

  /** What was read; nothing in it means the end. */
  private final BlockingQueue<Optional<byte[]>> chunks = new ArrayBlockingQueue<>(CHUNKS);

  private volatile boolean closed;
  private volatile int timeoutMillis;
  private byte[] chunk = {};
  private int position;
  private volatile boolean heard;
  private boolean ended;

  RelayInput(ChildPipe pipe) {
    this.pipe = pipe;
    Thread.ofPlatform().daemon().name("relay").start(this::fetch);
  }

  /** How long a read may wait; 0 means as long as it takes. */
  void timeout(int millis) {
    timeoutMillis = millis;
  }

  int timeout() {
    return timeoutMillis;
  }

  boolean hasHeard() {
    return heard;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
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
    if (position < chunk.length) {
      return chunk.length - position;
    }
    return Optional.ofNullable(chunks.peek())
        .flatMap(next -> next)
        .map(next -> next.length)
        .orElse(0);
  }

  @Override
  public void close() {
    closed = true;
    chunks.clear();
    var _ = chunks.offer(Optional.empty()); // wakes a reader
  }

  private boolean nextChunk() throws IOException {
    if (ended) {
      return false;
    }
    var next = take();
    if (closed) {
      throw new SocketException("the connection is closed");
    }
    if (next.isEmpty()) {
      ended = true;
      if (!heard) {
        throw refused();
      }
      return false;
    }
    heard = true;
    chunk = next.get();
    position = 0;
    return true;
  }

  /** As with a socket, an interrupt does not end it: it is kept for later. */
  private Optional<byte[]> take() throws SocketTimeoutException {
    var timeout = timeoutMillis;
    var end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeout);
    var interrupted = false;
    try {
      while (true) {
        try {
          var next =
              timeout == 0
                  ? chunks.take()
                  : chunks.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
          if (next == null) {
            throw new SocketTimeoutException("no answer within " + timeout + " ms");
          }
          return next;
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The relay ended before the server said anything. */
  Unreachable refused() {
    var words = pipe.lastWords();
    return new Unreachable(
        Problem.of(
            words.isEmpty()
                ? "the connection was closed before anything was said"
                : words.getLast(),
            "does PostgreSQL run there, and is it done with starting?"));
  }

  private void fetch() {
    var buffer = new byte[CHUNK];
    var from = pipe.input();
    try {
      for (int count; (count = from.read(buffer)) >= 0; ) {
        if (!hand(Optional.of(Arrays.copyOf(buffer, count)))) {
          return;
        }
      }
    } catch (IOException _) {
      // as if it had ended: whoever waits for an answer sees that there is none
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
