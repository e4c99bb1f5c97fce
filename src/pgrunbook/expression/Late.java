package pgrunbook.expression;

import java.util.Set;

/** A value that may come from an earlier step, and then only a run can know. */
public sealed interface Late<T> {
  /** A value that is known now. */
  record Known<T>(T value) implements Late<T> {}

  /**
   * A value that an earlier step will have yielded.
   *
   * @param shown how a plan shows it: <code>‹steps.check-backup.file›</code>
   * @param from the ids of the steps it waits for
   */
  record Pending<T>(String shown, Set<String> from) implements Late<T> {
    public Pending {
      from = Set.copyOf(from);
    }
  }

  static <T> Late<T> known(T value) {
    return new Known<>(value);
  }

  /** The value; in a run, where steps start only after those they wait for, there always is one. */
  default T get() {
    return switch (this) {
      case Known<T>(var value) -> value;
      case Pending<T>(var shown, var _) ->
          throw new IllegalStateException(shown + " is not known yet");
    };
  }

  /** The value's text, or how a plan shows it. */
  default String shown() {
    return switch (this) {
      case Known<T>(var value) -> String.valueOf(value);
      case Pending<T>(var shown, var _) -> shown;
    };
  }
}
