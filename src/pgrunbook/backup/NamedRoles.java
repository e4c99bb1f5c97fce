package pgrunbook.backup;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The roles that the statements of a dump name, by what becomes of them in a restore.
 *
 * @param owners of objects
 * @param privileges who was given something, or gave it
 * @param sessions whose session a dump goes on in
 * @param others that can't be left out, as those of user mappings
 * @param policies row-level policies that are for some roles only
 */
public record NamedRoles(
    SortedSet<String> owners,
    SortedSet<String> privileges,
    SortedSet<String> sessions,
    SortedSet<String> others,
    List<Policy> policies) {
  /** Nobody. */
  public static final NamedRoles NONE =
      new NamedRoles(new TreeSet<>(), new TreeSet<>(), new TreeSet<>(), new TreeSet<>(), List.of());

  /**
   * A row-level policy and the roles that it is for.
   *
   * @param restrictive whether it takes rows away that others give
   */
  public record Policy(TableName table, String name, SortedSet<String> roles, boolean restrictive) {
    public Policy {
      roles = sorted(roles);
    }

    /** Whether somebody who exists would see more without it. */
    public boolean isMissedBy(Set<String> existing) {
      return restrictive && roles.stream().anyMatch(existing::contains);
    }
  }

  public NamedRoles {
    owners = sorted(owners);
    privileges = sorted(privileges);
    sessions = sorted(sessions);
    others = sorted(others);
    policies = List.copyOf(policies);
  }

  private static SortedSet<String> sorted(Set<String> some) {
    return Collections.unmodifiableSortedSet(new TreeSet<>(some));
  }

  /** All of them. */
  public SortedSet<String> all() {
    return needed(true, true);
  }

  /**
   * Who has to exist before a restore. Without privileges, a policy for somebody who does not exist
   * is left out: fewer rows are seen then, and not more, as {@link Policy#isMissedBy} is refused.
   */
  public SortedSet<String> needed(boolean owner, boolean privilege) {
    var needed = new TreeSet<>(others);
    if (owner) {
      needed.addAll(owners);
    }
    if (privilege) {
      needed.addAll(privileges);
      policies.forEach(policy -> needed.addAll(policy.roles()));
    }
    if (owner || privilege) {
      needed.addAll(sessions);
    }
    return needed;
  }

  /** The policies that can't be made where only those roles exist. */
  public List<Policy> policiesBeyond(Set<String> existing) {
    return policies.stream().filter(policy -> !existing.containsAll(policy.roles())).toList();
  }
}
