package pgrunbook.expression;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Says what a name in an expression stands for. */
@FunctionalInterface
public interface Scope {
  /** Looks up a name's segments, <code>[steps, check-backup, file]</code>. */
  Found find(List<String> path);

  /** A scope for texts in which expressions make no sense; every name is a problem. */
  static Scope none() {
    return _ ->
        new Found.Unknown(
            "expressions cannot be used here", Optional.of("write $${ for a literal ${"));
  }

  /** What a lookup found. */
  sealed interface Found {
    /** A value: a String, Long, Double, Boolean, or a List of them. */
    record Is(Object value) implements Found {}

    /** A name whose value only a run can know. */
    record Pending(String shown, Set<String> from) implements Found {
      public Pending {
        from = Set.copyOf(from);
      }
    }

    /** A known name without a value; only <code>??</code> accepts it. */
    record Absent() implements Found {}

    /** No such name. */
    record Unknown(String what, Optional<String> hint) implements Found {}
  }
}
