package pgrunbook.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import pgrunbook.process.ChildPipe;
import pgrunbook.process.Chunks;
import pgrunbook.text.Problem;

/** What comes through a relay, with a socket's time-out. */
final class RelayInput extends InputStream {
  private static final Duration AGES = Duration.ofDays(10_000);

  private final ChildPipe pipe;
  private final Chunks chunks;
  private volatile int timeoutMillis;
  private volatile boolean heard;
  private boolean ended;

  RelayInput(ChildPipe pipe) {
    this.pipe = pipe;
    this.chunks = new Chunks(pipe.input(), "relay");
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
    return chunks.ready() > 0 || nextChunk() ? chunks.copy(bytes, offset, length) : -1;
  }

  @Override
  public int available() {
    return chunks.available();
  }

  @Override
  public void close() {
    chunks.close();
  }

  private boolean nextChunk() throws IOException {
    if (ended) {
      return false;
    }
    var next = await();
    if (chunks.isClosed()) {
      throw new SocketException("the connection is closed");
    }
    ended = next == Chunks.Next.END;
    if (ended && !heard) {
      throw refused();
    }
    heard = true;
    return !ended;
  }

  /** As with a socket, an interrupt does not end it: it is kept for later. */
  private Chunks.Next await() throws SocketTimeoutException {
    var timeout = timeoutMillis;
    var patience = timeout == 0 ? AGES : Duration.ofMillis(timeout);
    var start = System.nanoTime();
    var interrupted = false;
    try {
      while (true) {
        try {
          var next = chunks.await(patience.minusNanos(System.nanoTime() - start));
          if (next == Chunks.Next.NOT_IN_TIME) {
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
            "does PostgreSQL run there, at that port of the container and not a published one, and is it"
                + " done with starting?"));
  }
}
