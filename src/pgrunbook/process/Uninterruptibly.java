package pgrunbook.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;

/** Does what has to come to its end also when somebody has asked this thread to stop. */
public final class Uninterruptibly {
  private Uninterruptibly() {}

  /**
   * Does the work on a thread of its own, which nobody interrupts, and waits for it. An interrupt
   * of this thread is kept for later.
   */
  public static <T> T call(Callable<T> work) throws IOException {
    var task = new FutureTask<>(work);
    Thread.ofPlatform().daemon(false).name("uninterrupted").start(task);
    var interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The same for work without a result. */
  public static void run(Runnable work) {
    try {
      call(Executors.callable(work));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
