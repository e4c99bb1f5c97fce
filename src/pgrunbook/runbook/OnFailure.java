package pgrunbook.runbook;

/** What happens once a step has failed. */
public enum OnFailure {
  /** The run ends; the operator chooses between resume and rollback. */
  STOP,
  /** The run goes on with the next step. */
  CONTINUE,
  /** The run undoes, in reverse order, what may have had an effect. */
  ROLLBACK
}
