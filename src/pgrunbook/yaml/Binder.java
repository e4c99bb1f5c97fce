package pgrunbook.yaml;

import java.util.Optional;
import pgrunbook.expression.Scope;
import pgrunbook.text.Problems;

/** Turns YAML into records, with every problem reported at once and at its place. */
public final class Binder {
  private Binder() {}

  /**
   * The record that a mapping describes, or nothing where there are problems. Keys are the
   * components' names in snake case. All are required except those with a {@link Default} and those
   * that are <code>Optional</code>. Components can be String, boolean, int, long, double, Duration,
   * Instant, Object (any single value), Secret, enums, Expression, YamlNode (left as it is), Place
   * (filled in), records, and List, Map&lt;String, …&gt;, Optional and Late of these.
   *
   * <p>A value that only a run can know is a problem unless the component is a <code>Late</code>.
   */
  public static <R extends Record> Optional<R> bind(
      YamlNode.Mapping node, Class<R> type, Scope scope, Problems problems) {
    return new Binding(scope, problems).record(node, type);
  }
}
