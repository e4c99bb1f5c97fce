package pgrunbook.cli;

import java.lang.reflect.Proxy;
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

  /**
   * Ctrl-C is from now on for a child that has the terminal; it reaches both. There is no way but
   * the one that JDK's own tools take, and a JVM that does not have it is ended by Ctrl-C.
   */
  static void leaveInterruptsToChild() {
    try {
      var signal = Class.forName("sun.misc.Signal");
      var handler = Class.forName("sun.misc.SignalHandler");
      var nothing =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(), new Class<?>[] {handler}, (_, _, _) -> null);
      var interrupt = signal.getConstructor(String.class).newInstance("INT");
      signal.getMethod("handle", signal, handler).invoke(null, interrupt, nothing);
    } catch (ReflectiveOperationException _) {
      // it stays as it is
    }
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
