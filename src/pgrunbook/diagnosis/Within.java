package pgrunbook.diagnosis;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Gives work a time after which nobody waits for it any more. */
final class Within {
  private Within() {}

  /** The work's result, or its own unchecked exception. */
  static <T> T run(Duration limit, Callable<T> work) throws TimeoutException {
    var task = new FutureTask<>(work);
    var thread = Thread.ofPlatform().daemon().name("doctor").start(task);
    try {
      return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      thread.interrupt(); // ends child processes, and connections that are being made
      throw e;
    } catch (InterruptedException _) {
      thread.interrupt();
      Thread.currentThread().interrupt();
      throw new TimeoutException("interrupted");
    } catch (ExecutionException e) {
      throw unchecked(e);
    }
  }

  private static RuntimeException unchecked(ExecutionException failed) {
    return switch (failed.getCause()) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      case null -> new IllegalStateException(failed);
      case Throwable e -> new IllegalStateException(e);
    };
  }
}
