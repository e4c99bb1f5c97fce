package pgrunbook.plan;

import pgrunbook.action.Action;
import pgrunbook.action.Call;
import pgrunbook.action.Look;
import pgrunbook.action.Preview;

/** An action together with the input that it was given. */
public record Bound<I extends Record, N extends Record, O extends Record>(
    Action<I, N, O> action, I input) {

  public Preview preview(Look look) {
    return action.preview(input, look);
  }

  public java.util.Optional<Call> undo(Look look) {
    return action.undo(input, look);
  }
}
