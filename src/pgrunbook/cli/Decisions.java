package pgrunbook.cli;

import java.util.List;
import java.util.stream.Stream;
import pgrunbook.engine.Recorder;
import pgrunbook.journal.Event;
import pgrunbook.journal.StepState;
import pgrunbook.text.Closest;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Masking;
import pgrunbook.text.Problem;
import picocli.CommandLine.Option;

/** What an operator says about steps of which nobody can tell how they ended. */
final class Decisions {
  @Option(
      names = "--redo",
      paramLabel = "STEP",
      description = "carry this step out again although nobody can tell how it ended")
  private List<String> redo = List.of();

  @Option(
      names = "--done",
      paramLabel = "STEP",
      description = "take this step for done although nobody can tell how it ended")
  private List<String> done = List.of();

  @Option(
      names = "--reason",
      paramLabel = "WHY",
      description = "why, for the journal; --redo and --done need one")
  private String reason = "";

  /**
   * Makes sure that whoever decides says why, and only once.
   *
   * @throws InvalidInput where not
   */
  void check() {
    if (redo.isEmpty() && done.isEmpty()) {
      return;
    }
    if (reason.isBlank()) {
      throw new InvalidInput(
          Problem.of(
              "nobody can tell how a step ended, and nothing says why you can",
              "--reason WHY, for those who read the journal later"));
    }
    redo.stream()
        .filter(done::contains)
        .findFirst()
        .ifPresent(step -> {
          throw new InvalidInput(
              Problem.of("step '" + step + "' is decided twice", "either --redo or --done"));
        });
  }

  /** Writes them into the journal, with who decided and why. */
  void append(Recorder recorder, Masking masking) {
    Stream.concat(redo.stream(), done.stream()).forEach(step -> checkOpen(recorder, step));
    redo.forEach(step -> append(recorder, masking, step, "not_done"));
    done.forEach(step -> append(recorder, masking, step, "done"));
  }

  private static void checkOpen(Recorder recorder, String step) {
    if (!recorder.state().step(step).status().isOpen()) {
      var open =
          recorder.state().steps().stream()
              .filter(it -> it.status().isOpen())
              .map(StepState::path)
              .toList();
      throw new InvalidInput(
          Problem.of("step '" + step + "' waits for no decision", Closest.hint(step, open)));
    }
  }

  private void append(Recorder recorder, Masking masking, String step, String found) {
    recorder.append(
        Event.DECIDED,
        data -> {
          data.put("step", step);
          data.put("found", found);
          data.put("what", masking.mask(reason));
          data.put("user", System.getProperty("user.name"));
        });
  }
}
