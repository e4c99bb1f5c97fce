package pgrunbook.backup;

import java.util.List;

/** The answer to: does this database hold what that one held? */
public sealed interface Verdict {
  /** Differences that a correct restore may show. */
  List<Difference> honest();

  /**
   * It does.
   *
   * @param schemaCompared false where one side has no hash of its schema: content only was compared
   */
  record Same(int tables, long rows, boolean schemaCompared, List<Difference> honest)
      implements Verdict {
    public Same {
      honest = List.copyOf(honest);
    }
  }

  /** It does not, and where. */
  record Differs(List<Difference> differences, List<Difference> honest) implements Verdict {
    public Differs {
      differences = List.copyOf(differences);
      honest = List.copyOf(honest);
    }
  }

  /** Compares both; honest differences alone leave them the same. */
  static Verdict of(Fingerprint expected, Fingerprint actual) {
    var all = Fingerprint.compare(expected, actual);
    var honest = all.stream().filter(Difference::isHonest).toList();
    var others = all.stream().filter(d -> !d.isHonest()).toList();
    var schema = expected.schemaHash().isPresent() && actual.schemaHash().isPresent();
    return others.isEmpty()
        ? new Same(expected.tables().size(), expected.rows(), schema, honest)
        : new Differs(others, honest);
  }
}
