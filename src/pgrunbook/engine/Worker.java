package pgrunbook.engine;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import pgrunbook.process.Deadline;
import pgrunbook.text.Problem;

/** Runs one attempt on a thread of its own, so that it can be ended from outside. */
final class Worker {
  /** How long an attempt may take to end after it was told to. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** How often a wish to stop is looked for that came without an interrupt. */
  private static final Duration GLANCE = Duration.ofMillis(500);

  private Worker() {}

  /** How an attempt ended. */
  sealed interface Ended<T> {
    record Well<T>(T value) implements Ended<T> {}

    record Badly<T>(Throwable why) implements Ended<T> {}

    record TimedOut<T>() implements Ended<T> {}

    record Stopped<T>() implements Ended<T> {}

    /** What it works on has been silent for too long. */
    record GivenUp<T>(Problem why) implements Ended<T> {}

    /** It was told to end and does not. */
    record Stuck<T>() implements Ended<T> {}
  }

  /**
   * Runs the attempt to its end.
   *
   * @param givenUp why it is no use to wait for its end
   * @param overdue looks at it when its time is over, before it is told to end
   * @param cancel ends what the attempt does on the server
   */
  static <T> Ended<T> carry(
      Callable<T> attempt,
      Deadline deadline,
      Stop stop,
      Supplier<Optional<Problem>> givenUp,
      Runnable overdue,
      Runnable cancel) {
    var task = new FutureTask<>(attempt);
    var thread = Thread.ofPlatform().daemon().name("step").start(task);
    try {
      return new Ended.Well<>(wait(task, deadline, stop, givenUp));
    } catch (Silent e) {
      return ended(task, thread, cancel, new Ended.GivenUp<>(e.why));
    } catch (ExecutionException e) {
      return new Ended.Badly<>(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      overdue.run();
      return ended(task, thread, cancel, new Ended.TimedOut<>());
    } catch (InterruptedException e) {
      return ended(task, thread, cancel, new Ended.Stopped<>());
    } finally {
      if (stop.isRequested()) {
        Thread.interrupted(); // the wish is kept in stop; what follows has to write the journal
      }
    }
  }

  /** Ends the waiting only. */
  private static final class Silent extends Exception {
    private static final long serialVersionUID = 1;
    private final transient Problem why;

    Silent(Problem why) {
      this.why = why;
    }
  }

  private static <T> T wait(
      FutureTask<T> task, Deadline deadline, Stop stop, Supplier<Optional<Problem>> givenUp)
      throws InterruptedException, ExecutionException, TimeoutException, Silent {
    while (true) {
      var slice = deadline.atMost(GLANCE);
      try {
        return task.get(slice.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (stop.isRequested()) {
          throw new InterruptedException(); // whoever was interrupted for it did not pass it on
        }
        if (deadline.expired()) {
          throw e;
        }
        var why = givenUp.get();
        if (why.isPresent()) {
          throw new Silent(why.get());
        }
      }
    }
  }

  private static <T> Ended<T> ended(
      FutureTask<T> task, Thread thread, Runnable cancel, Ended<T> how) {
    var until = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < until) {
      thread.interrupt();
      cancel.run();
      try {
        return new Ended.Well<>(task.get(1, TimeUnit.SECONDS));
      } catch (ExecutionException e) {
        return how;
      } catch (TimeoutException | InterruptedException e) {
        // a second wish to stop changes nothing
      }
    }
    return new Ended.Stuck<>();
  }
}
