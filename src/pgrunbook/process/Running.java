package pgrunbook.process;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One child on its way to its end, with its three streams served. */
final class Running {
  /** How long somebody else may hold a pipe after the child has ended. */
  private static final Duration LINGER = Duration.ofSeconds(3);

  private final String program;
  private final Process process;
  private final ProcessGroup group;
  private final ProcessGroup all;
  private final Duration grace;
  private final long startedAt = System.nanoTime();
  private final ErrorTail tail = new ErrorTail();
  private final Receipt receipt;
  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
  private final Pump out;
  private final Pump err;
  private final Feeder feeder;

  Running(
      ChildCommand command,
      Launcher.Started started,
      Stdin stdin,
      OutputSink out,
      OutputSink err,
      Duration grace) {
    this.program = command.program();
    this.receipt = new Receipt(command.receipt());
    this.process = started.process();
    this.group = started.group();
    this.all = started.all();
    this.grace = grace;
    this.out = Pump.lines("stdout", process.getInputStream(), out::line, failure::complete);
    this.err =
        Pump.lines(
            "stderr",
            process.getErrorStream(),
            line ->
                receipt
                    .read(line)
                    .ifPresent(it -> {
                      tail.add(it);
                      err.line(it);
                    }),
            failure::complete);
    this.feeder = new Feeder(process.getOutputStream(), stdin, failure::complete);
  }

  Finished toItsEnd(Deadline deadline) throws InterruptedException, IOException {
    try {
      var inTime = exitOrFailure(deadline);
      if (inTime && !failure.isDone()) {
        letStreamsEnd();
      }
      throwFailure();
      if (!inTime) {
        all.end(grace);
      } else if (process.exitValue() != 0) {
        group.end(grace);
      }
      return finished(!inTime);
    } catch (InterruptedException e) {
      all.end(grace);
      throw e;
    } finally {
      release();
    }
  }

  /** Whether one of both came in time. */
  private boolean exitOrFailure(Deadline deadline) throws InterruptedException {
    try {
      var either = CompletableFuture.anyOf(process.onExit(), failure);
      var left = deadline.remaining();
      if (left.isPresent()) {
        either.get(left.get().toNanos(), TimeUnit.NANOSECONDS);
      } else {
        either.get();
      }
      return true;
    } catch (TimeoutException _) {
      return !process.isAlive();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private void letStreamsEnd() {
    if (streamsAreOver()) {
      return;
    }
    if (group.isAlive()) {
      group.end(grace);
      tail.add("(a background process that still held the output was ended)");
    }
    feeder.abandon();
    var _ = streamsAreOver();
  }

  private boolean streamsAreOver() {
    return out.isOver(LINGER) && err.isOver(LINGER) && feeder.isOver(LINGER);
  }

  private void throwFailure() throws IOException {
    if (failure.isDone()) {
      all.end(grace); // before anything closes its input
      var cause = failure.join();
      throw new IOException("'" + program + "' was ended: " + cause.getMessage(), cause);
    }
  }

  private Finished finished(boolean timedOut) throws InterruptedException {
    var _ = err.isOver(LINGER);
    var exit = process.isAlive() ? -1 : receipt.exit(process.exitValue());
    if (exit != 0 && Thread.interrupted()) {
      throw new InterruptedException();
    }
    var took = Duration.ofNanos(System.nanoTime() - startedAt);
    return new Finished(
        exit, timedOut, feeder.brokenPipe(), receipt.isConfirmed(), tail.lines(), took);
  }

  private void release() {
    if (process.isAlive()) {
      all.end(grace);
    }
    feeder.abandon();
    if (!out.isOver(Duration.ZERO)) {
      out.abandon();
    }
    if (!err.isOver(Duration.ZERO)) {
      err.abandon();
    }
  }
}
