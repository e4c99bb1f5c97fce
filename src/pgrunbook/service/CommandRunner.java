package pgrunbook.service;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import pgrunbook.process.ChildCommand;
import pgrunbook.process.Deadline;
import pgrunbook.process.Finished;
import pgrunbook.process.OutputSink;
import pgrunbook.process.Processes;
import pgrunbook.text.Masking;

/**
 * Runs the commands that an environment names, in the project's folder.
 *
 * @param output takes what they print
 */
public record CommandRunner(Processes processes, Path folder, Masking masking, OutputSink output) {
  private static final Duration CHECK_AT_MOST = Duration.ofSeconds(30);
  private static final Duration SETTLE_AT_MOST = Duration.ofMinutes(5);
  private static final Duration PAUSE = Duration.ofMillis(250);

  /** The three answers of a check command. */
  enum Answer {
    YES,
    NO,
    UNKNOWN
  }

  record Checked(Answer answer, String why) {}

  String shown(List<String> argv) {
    return command(argv).shown(masking);
  }

  /** Exit code 0 is yes, 3 is no; an interrupt is kept and gives no answer. */
  Checked check(List<String> argv) {
    try {
      return answer(run(argv, Deadline.in(CHECK_AT_MOST)));
    } catch (IOException e) {
      return new Checked(Answer.UNKNOWN, masking.mask(String.valueOf(e.getMessage())));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Checked(Answer.UNKNOWN, "interrupted");
    }
  }

  /** Runs a command that has to succeed, then waits until what it was run for is so. */
  void act(String what, List<String> argv, BooleanSupplier settled, Deadline deadline)
      throws ServiceFailed, InterruptedException {
    var end = deadline.or(Deadline.in(SETTLE_AT_MOST));
    try {
      var finished = run(argv, end);
      if (!finished.succeeded()) {
        throw new ServiceFailed(
            what + ": " + masking.mask(finished.why()), "the command was: " + shown(argv));
      }
    } catch (IOException e) {
      throw new ServiceFailed(
          what + ": " + masking.mask(String.valueOf(e.getMessage())),
          "the command was: " + shown(argv));
    }
    while (!settled.getAsBoolean()) {
      if (end.expired()) {
        throw new ServiceFailed(
            what + ": the command succeeded, but its check does not say so in time",
            "try the check command by hand, or give the step a longer timeout");
      }
      Thread.sleep(end.atMost(PAUSE));
    }
  }

  private Checked answer(Finished finished) {
    if (finished.timedOut()) {
      return new Checked(Answer.UNKNOWN, "the check took longer than 30 s");
    }
    return switch (finished.exit()) {
      case 0 -> new Checked(Answer.YES, "");
      case 3 -> new Checked(Answer.NO, "");
      default -> new Checked(Answer.UNKNOWN, "the check: " + masking.mask(finished.why()));
    };
  }

  private Finished run(List<String> argv, Deadline deadline)
      throws IOException, InterruptedException {
    return processes.run(command(argv), output, output, deadline);
  }

  private ChildCommand command(List<String> argv) {
    return ChildCommand.of(argv).in(folder);
  }
}
