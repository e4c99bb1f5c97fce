package pgrunbook.actions;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import pgrunbook.process.OutputSink;
import pgrunbook.process.Stdin;

/**
 * Both ends of a psql that reads a dump by itself: hears when it is at the file's end, and only
 * then, and only where the file did not change since this was made, sends <code>COMMIT</code>.
 */
final class CommitAtEnd implements OutputSink, Stdin.Writer {
  /** What psql has to echo behind the file. */
  static final String MARK = "pgrunbook: end of file";

  private final Path file;
  private final Stamp before;
  private volatile boolean sent;
  private final CountDownLatch atEnd = new CountDownLatch(1);

  /** Made before the file is examined, so that a change during that is noticed too. */
  CommitAtEnd(Path file) throws IOException {
    this.file = file;
    this.before = Stamp.of(file);
  }

  @Override
  public void line(String line) {
    if (line.equals(MARK)) {
      atEnd.countDown();
    }
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    try {
      atEnd.await();
    } catch (InterruptedException e) {
      return; // psql has ended; whether well, isSent tells too
    }
    if (!Stamp.of(file).equals(before)) {
      throw new IOException("the backup changed while it was restored");
    }
    out.write("COMMIT;\n".getBytes(StandardCharsets.US_ASCII));
    sent = true;
  }

  /** Whether psql was told to commit: it ends with exit code 0 without that, too. */
  boolean isSent() {
    return sent;
  }
}
