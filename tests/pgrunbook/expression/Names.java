package pgrunbook.expression;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A scope for tests: known values, steps that are pending, names without a value. */
record Names(Map<String, Object> known, Set<String> pending, Set<String> absent) implements Scope {
  static Names of(Map<String, Object> known) {
    return new Names(known, Set.of("steps.a.ok", "steps.check-backup.file"), Set.of("env.NONE"));
  }

  @Override
  public Found find(List<String> path) {
    var name = String.join(".", path);
    if (known.containsKey(name)) {
      return new Found.Is(known.get(name));
    } else if (pending.contains(name)) {
      return new Found.Pending("‹" + name + "›", Set.of(path.get(1)));
    } else if (absent.contains(name)) {
      return new Found.Absent();
    }
    return new Found.Unknown("unknown name '" + name + "'", Optional.empty());
  }
}
