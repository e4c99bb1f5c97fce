package pgrunbook.engine;

import java.time.Duration;
import java.util.Optional;
import pgrunbook.action.Progress;
import pgrunbook.action.StepPath;
import pgrunbook.text.Problem;

/** Sees a run happen; what it shows is the console's affair. */
public interface Watcher {
  void starts(StepPath step, String title, int attempt);

  void ends(StepPath step, String title, Ending ending, Duration took, Optional<Problem> why);

  /** Something worth a line that is not a step. */
  void note(String line);

  Progress progress();

  /** How a step ended, for whoever watches. */
  enum Ending {
    DONE,
    /** An earlier attempt had done it already. */
    FOUND_DONE,
    SKIPPED,
    FAILED,
    WILL_RETRY,
    INTERRUPTED,
    UNKNOWN
  }
}
