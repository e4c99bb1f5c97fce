package pgrunbook.engine;

import java.util.List;
import pgrunbook.action.StepPath;
import pgrunbook.text.Problem;

/** How a run, a resume or a rollback ended. */
public sealed interface Outcome {
  /** Every step is done, or every step that had an effect is undone. */
  record Completed(boolean rolledBack) implements Outcome {}

  /** A step failed; the run waits for <code>resume</code> or <code>rollback</code>. */
  record Failed(StepPath step, Problem problem) implements Outcome {}

  /** A guard said no; nothing more was done. */
  record Denied(List<Problem> problems) implements Outcome {}

  /** Nobody can tell how a step ended; an operator has to decide. */
  record Undecided(StepPath step, Problem problem) implements Outcome {}

  /** Ctrl-C or a signal; the run can be picked up again. */
  record Interrupted() implements Outcome {}
}
