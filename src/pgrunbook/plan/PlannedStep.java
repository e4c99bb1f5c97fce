package pgrunbook.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import pgrunbook.action.Call;
import pgrunbook.action.Claim;
import pgrunbook.action.Preview;
import pgrunbook.action.StepPath;
import pgrunbook.runbook.Step;

/**
 * One step of a plan: as it is written, and what it would do.
 *
 * @param condition whether the step runs
 * @param with the input as a plan shows it, secrets masked
 * @param held what earlier steps leave for it to rely on
 * @param undo the way back, where there is one
 */
public record PlannedStep(
    Step step,
    Condition condition,
    JsonNode with,
    Preview preview,
    List<Claim> held,
    Optional<PlannedUndo> undo) {
  public PlannedStep {
    held = List.copyOf(held);
  }

  public StepPath path() {
    return new StepPath(step.id());
  }

  /** Whether a step runs. */
  public enum Condition {
    RUNS,
    /** Its <code>when</code> is false. */
    SKIPPED,
    /** Its <code>when</code> waits for an earlier step. */
    DEPENDS
  }

  /**
   * The call that undoes a step.
   *
   * @param call empty where the runbook itself writes the undo
   */
  public record PlannedUndo(String action, Optional<Call> call, List<String> commands) {
    public PlannedUndo {
      commands = List.copyOf(commands);
    }
  }
}
