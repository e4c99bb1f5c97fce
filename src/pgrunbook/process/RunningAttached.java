package pgrunbook.process;

import java.time.Duration;

/** A child on its way to its end that writes to this process's own standard output. */
final class RunningAttached {
  private static final Duration LINGER = Duration.ofSeconds(3);

  private final Launcher.Started child;
  private final Duration grace;
  private final long startedAt = System.nanoTime();
  private final Receipt receipt;
  private final ErrorTail tail = new ErrorTail();
  private final Pump err;

  RunningAttached(ChildCommand command, Launcher.Started child, OutputSink sink, Duration grace) {
    this.child = child;
    this.grace = grace;
    this.receipt = new Receipt(command.receipt());
    this.err =
        Pump.lines(
            "stderr",
            child.process().getErrorStream(),
            line ->
                receipt
                    .read(line)
                    .ifPresent(it -> {
                      tail.add(it);
                      sink.line(it);
                    }),
            _ -> {});
  }

  Finished toItsEnd() throws InterruptedException {
    try {
      var exit = child.process().waitFor();
      if (!err.isOver(LINGER)) {
        err.abandon();
      }
      var took = Duration.ofNanos(System.nanoTime() - startedAt);
      return new Finished(
          receipt.exit(exit), false, false, receipt.isConfirmed(), tail.lines(), took);
    } finally {
      if (child.process().isAlive()) {
        child.group().end(grace);
      }
    }
  }
}
