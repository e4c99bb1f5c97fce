package pgrunbook.cli;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import pgrunbook.engine.Stop;

/**
 * Ctrl-C, SIGTERM and SIGHUP: the run's current step is ended and journaled as interrupted, then
 * the process ends with 130. A normal exit passes through.
 */
final class Signals {
  /** Longer than the engine gives a step to end, and than a service manager waits by default. */
  private static final long PATIENCE_SECONDS = 80;

  private final AtomicReference<Optional<Stop>> running = new AtomicReference<>(Optional.empty());
  private volatile boolean ended;

  /** Listens from now on until {@link #ended}. */
  static Signals listen() {
    var signals = new Signals();
    Runtime.getRuntime().addShutdownHook(new Thread(signals::received, "signals"));
    return signals;
  }

  /** A run on this thread has begun; signals go to it. */
  Stop begin() {
    var stop = new Stop();
    running.set(Optional.of(stop));
    return stop;
  }

  /** The command is over; what comes now is the ordinary end of the process. */
  void ended() {
    ended = true;
    running.get().ifPresent(Stop::over);
  }

  private void received() {
    if (ended) {
      return;
    }
    running
        .get()
        .ifPresent(stop -> {
          stop.request();
          stop.await(PATIENCE_SECONDS);
        });
    Runtime.getRuntime().halt(Exit.INTERRUPTED);
  }
}
