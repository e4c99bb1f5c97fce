package pgrunbook.action;

import java.util.Optional;

/**
 * One kind of step. Everything about it stands in one file: what it reads, how it looks in a plan,
 * what it does, and how to find out after a crash whether it did it.
 *
 * @param <I> what the step's <code>with</code> is bound to
 * @param <N> what is journaled before the effect, enough to find out later whether it happened
 * @param <O> what later steps may use as <code>${steps.id.name}</code>
 */
public interface Action<I extends Record, N extends Record, O extends Record> {
  Kind<I, N, O> kind();

  /** What the step would do to the world as it is now. Changes nothing; reports every problem. */
  Preview preview(I in, Look look);

  /**
   * Decides, right before an attempt, what it is going to do.
   *
   * @param earlier the intent of the attempt before, which was inspected and found not done or
   *     partly done; what it says about the world before the first attempt still holds
   * @throws StepFailed where the attempt can't even begin; nothing has changed then
   */
  N intend(I in, Optional<N> earlier, Look look) throws StepFailed, InterruptedException;

  /**
   * Carries the intent out. Starts from nothing done or, after an attempt that was found partly
   * done, from there.
   */
  O run(I in, N intent, Act act) throws StepFailed, InterruptedException;

  /** Looks how far an earlier attempt came. Never guesses. */
  Observed<O> inspect(I in, N intent, Look look);

  /**
   * The step's own way back, unless the runbook writes another one. Its values may use <code>
   * ${step.intent.x}</code> and <code>${step.output.x}</code> of the step that it undoes.
   */
  default Optional<Call> undo(I in, Look look) {
    return Optional.empty();
  }
}
