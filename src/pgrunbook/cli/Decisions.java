package pgrunbook.cli;

import java.util.List;
import pgrunbook.engine.Recorder;
import pgrunbook.journal.Event;
import pgrunbook.journal.StepState;
import pgrunbook.text.Closest;
import pgrunbook.text.InvalidInput;
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

  @Option(names = "--reason", description = "why, for the journal")
  private String reason = "";

  /** Writes them into the journal, with who decided. */
  void append(Recorder recorder) {
    redo.forEach(step -> append(recorder, step, "not_done"));
    done.forEach(step -> append(recorder, step, "done"));
  }

  private void append(Recorder recorder, String step, String found) {
    if (!recorder.state().step(step).status().isOpen()) {
      var open =
          recorder.state().steps().stream()
              .filter(it -> it.status().isOpen())
              .map(StepState::path)
              .toList();
      throw new InvalidInput(
          Problem.of("step '" + step + "' waits for no decision", Closest.hint(step, open)));
    }
    recorder.append(
        Event.DECIDED,
        data -> {
          data.put("step", step);
          data.put("found", found);
          data.put("what", reason);
          data.put("user", System.getProperty("user.name"));
        });
  }
}
