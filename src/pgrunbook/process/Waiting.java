package pgrunbook.process;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for something that gives no signal, without being kept from it by an interrupt. */
final class Waiting {
  private Waiting() {}

  /** Whether it came true in time; an interrupt is kept for later. */
  static boolean until(Duration patience, BooleanSupplier condition) {
    var end = System.nanoTime() + patience.toNanos();
    var interrupted = false;
    try {
      var pause = 1_000_000L;
      while (!condition.getAsBoolean()) {
        if (System.nanoTime() - end >= 0) {
          return false;
        }
        LockSupport.parkNanos(pause);
        interrupted |= Thread.interrupted();
        pause = Math.min(pause * 2, 50_000_000L);
      }
      return true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
