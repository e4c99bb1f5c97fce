package pgrunbook.backup;

import java.util.List;
import java.util.Optional;
import pgrunbook.backup.NamedRoles.Policy;

/** Which statements of a dump name roles or tablespaces, and whether they stay. */
record Belongings(boolean owner, boolean privileges, boolean tablespaces, List<Policy> policies) {
  /** By so many words everything is known about a statement but how it ends. */
  private static final int ENOUGH = 3;

  /**
   * Whether it stays; nothing where its beginning does not tell yet.
   *
   * @param whole whether that is the whole statement
   */
  Optional<Boolean> stays(Statement statement, boolean whole) {
    return switch (statement.first().text()) {
      case "grant", "revoke" -> Optional.of(privileges);
      case "set", "reset" -> enough(statement, whole, stays(statement));
      case "alter" -> alter(statement, whole);
      case "comment" -> comment(statement, whole);
      case "create" ->
          statement.size() > 1 && !statement.at(1).is("policy")
              ? Optional.of(true)
              : whole ? Optional.of(!isLeftOut(statement, 2)) : Optional.empty();
      default -> Optional.of(true);
    };
  }

  private static Optional<Boolean> enough(Statement statement, boolean whole, boolean stays) {
    return whole || statement.size() >= ENOUGH ? Optional.of(stays) : Optional.empty();
  }

  private boolean stays(Statement statement) {
    var goesOnAs =
        statement.follows(1, "session", "authorization") || statement.begins("set", "role");
    return statement.follows(1, "default_tablespace")
        ? tablespaces
        : owner || privileges || !goesOnAs;
  }

  private Optional<Boolean> alter(Statement statement, boolean whole) {
    if (statement.begins("alter", "default", "privileges")) {
      return Optional.of(privileges);
    }
    if (owner) {
      return enough(statement, whole, true);
    }
    var to = statement.find(1, "owner", "to");
    var gives = to > 0 && to + ENOUGH == statement.size() && statement.find(1, "rename") < 0;
    return whole ? Optional.of(!gives) : Optional.empty();
  }

  /** An extension brings its own comment, and only its owner may write it. */
  private Optional<Boolean> comment(Statement statement, boolean whole) {
    if (statement.follows(1, "on", "policy")) {
      return whole ? Optional.of(!isLeftOut(statement, 3)) : Optional.empty();
    }
    return enough(statement, whole, owner || !statement.follows(1, "on", "extension"));
  }

  /** Whether the policy whose name stands there is one of those. */
  private boolean isLeftOut(Statement statement, int name) {
    return policies.stream()
        .anyMatch(policy ->
            policy.name().equals(statement.at(name).text())
                && statement.tableAt(name + 2).filter(policy.table()::equals).isPresent());
  }
}
