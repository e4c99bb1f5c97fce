package pgrunbook.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pgrunbook.journal.JournalException;
import pgrunbook.journal.JournalFile;
import pgrunbook.journal.RunState;
import pgrunbook.journal.StepState;

/** What the rehearsals of a project have shown, read from the journals that they have left. */
record RehearsalRecords(Path folder) {
  /** What a journal calls the backup with which its rehearsal has begun. */
  static final String BACKUP = "backup";

  private static final String DONE = "done";
  private static final String JOURNAL = "journal.jsonl";

  /**
   * A list that the finished steps of an action have yielded, by the rehearsal's id; of those
   * rehearsals that began with a backup and came to their end.
   */
  Map<String, List<String>> outputs(String action, String output) {
    Map<String, List<String>> found = new LinkedHashMap<>();
    for (var record : records()) {
      state(record)
          .filter(state -> state.status().equals(DONE) && !state.about(BACKUP).isEmpty())
          .ifPresent(state ->
              state.steps().stream()
                  .filter(step -> step.action().equals(action))
                  .filter(step -> step.status() == StepState.Status.FINISHED)
                  .forEach(
                      step -> found.put(record.getFileName().toString(), values(step, output))));
    }
    return found;
  }

  private static List<String> values(StepState step, String output) {
    return step.outputs().path(output).valueStream().map(it -> it.asText()).toList();
  }

  private List<Path> records() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var folders = Files.list(folder)) {
      return folders.filter(it -> Files.exists(it.resolve(JOURNAL))).sorted().toList();
    } catch (IOException _) {
      return List.of(); // no evidence is not a proof
    }
  }

  /** A journal that is damaged proves nothing. */
  private static Optional<RunState> state(Path record) {
    try {
      var state = new RunState();
      JournalFile.read(record.resolve(JOURNAL), state::take);
      return Optional.of(state);
    } catch (JournalException _) {
      return Optional.empty();
    }
  }
}
