package pgrunbook.actions;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import pgrunbook.postgres.PostgresException;

/** Does something again and again beside other work, until closed. What fails is left out. */
final class Every implements AutoCloseable {
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  Every(Duration pause, Runnable task) {
    thread =
        Thread.ofVirtual()
            .start(() -> {
              try {
                while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                  once(task);
                }
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
            });
  }

  static Every second(Runnable task) {
    return new Every(Duration.ofSeconds(1), task);
  }

  private static void once(Runnable task) {
    try {
      task.run();
    } catch (PostgresException | java.io.UncheckedIOException _) {
      // it only tells how far the work is
    }
  }

  /** Waits for a round that has begun, so that nothing of it is left on the server. */
  @Override
  public void close() {
    closed.countDown();
    var interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
        thread.interrupt();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
