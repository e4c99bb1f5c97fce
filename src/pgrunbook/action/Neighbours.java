package pgrunbook.action;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the other environments of a project. */
@FunctionalInterface
public interface Neighbours extends AutoCloseable {
  /** There is nobody around, as in a rehearsal. */
  Neighbours NONE = _ -> Optional.empty();

  /**
   * The environment of that name.
   *
   * @throws pgrunbook.text.InvalidInput where there is none, or its file can't be read
   */
  Optional<Elsewhere> find(String environment);

  /** What the project's rehearsals have shown: {@link Look#rehearsed}. */
  default Map<String, List<String>> rehearsed(String action, String output) {
    return Map.of();
  }

  /** Leaves whomever it has reached. */
  @Override
  default void close() {}
}
