package pgrunbook.action;

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

  /** Leaves whomever it has reached. */
  @Override
  default void close() {}
}
