package pgrunbook.cli;

/** What is to be put in order at the end, signal or not: on a thread that none interrupts. */
final class Undisturbed {
  private Undisturbed() {}

  /** Comes back when it is over; whoever was interrupted meanwhile still is. */
  static void run(Runnable work) {
    var thread = Thread.ofPlatform().name("putting in order").start(work);
    var interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
