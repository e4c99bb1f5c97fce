package pgrunbook.difference;

import java.util.List;

/**
 * A migration made from a difference.
 *
 * @param forward what makes the wanted database out of the migrated one
 * @param back the way back
 * @param uncovered what the trial on copies has shown these statements not to do; empty where they
 *     were carried out forward, back and forward again with no difference left each time
 */
public record Draft(List<Change> forward, List<Change> back, List<String> uncovered) {
  public Draft {
    forward = List.copyOf(forward);
    back = List.copyOf(back);
    uncovered = List.copyOf(uncovered);
  }

  public boolean isEmpty() {
    return forward.isEmpty() && uncovered.isEmpty();
  }
}
