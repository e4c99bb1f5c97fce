package pgrunbook.process;

import java.io.Closeable;
import java.io.IOException;

/** Closes what nobody waits for any more. */
final class Closing {
  private Closing() {}

  /** On a thread of its own: closing a pipe can wait for whoever reads from it. */
  static void quietly(Closeable stream) {
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            stream.close();
          } catch (IOException _) {
            // the other end is gone, which is what was wanted
          }
        });
  }
}
