package pgrunbook.engine;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Carries the wish to stop from a signal to the thread that runs the steps, and waits for it. */
public final class Stop {
  private final Thread runner;
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean requested;

  /** For a run on the calling thread. */
  public Stop() {
    this.runner = Thread.currentThread();
  }

  /** Asks the run to stop; its current step is ended first. */
  public void request() {
    requested = true;
    runner.interrupt();
  }

  public boolean isRequested() {
    return requested;
  }

  /** Says that the run has come to its end, however. */
  public void over() {
    over.countDown();
  }

  /** Waits for that end; false where it did not come in time. */
  public boolean await(long seconds) {
    try {
      return over.await(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
