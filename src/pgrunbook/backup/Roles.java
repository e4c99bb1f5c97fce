package pgrunbook.backup;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import pgrunbook.sql.Token.Kind;

/** Collects the roles that statements of a dump name. */
final class Roles {
  private static final Set<String> NO_ROLES =
      Set.of("public", "current_user", "current_role", "session_user");

  private final SortedSet<String> owners = new TreeSet<>();
  private final SortedSet<String> privileges = new TreeSet<>();
  private final SortedSet<String> sessions = new TreeSet<>();
  private final SortedSet<String> others = new TreeSet<>();
  private final List<NamedRoles.Policy> policies = new ArrayList<>();

  NamedRoles found() {
    return new NamedRoles(owners, privileges, sessions, others, policies);
  }

  void read(Statement statement) {
    switch (statement.first().text()) {
      case "alter" -> alter(statement);
      case "grant" -> grant(statement, 0, "to");
      case "revoke" -> grant(statement, 0, "from");
      case "create" -> create(statement);
      case "set" -> set(statement);
      default -> {}
    }
  }

  private void alter(Statement statement) {
    var owner = statement.find(0, "owner", "to");
    if (owner > 0) {
      names(statement, owner + 2, owners);
    }
    if (statement.begins("alter", "default", "privileges")) {
      for (var word : List.of("role", "user")) {
        if (statement.follows(3, "for", word)) {
          names(statement, 5, privileges);
        }
      }
      grant(statement, 0, statement.find(0, "revoke") > 0 ? "from" : "to");
    }
  }

  private void grant(Statement statement, int from, String word) {
    var to = statement.find(from, word);
    if (to > 0) {
      names(statement, to + (statement.at(to + 1).is("group") ? 2 : 1), privileges);
    }
    var by = statement.find(from, "granted", "by");
    if (by > 0) {
      names(statement, by + 2, privileges);
    }
  }

  private void create(Statement statement) {
    if (statement.begins("create", "schema")) {
      var authorization = statement.find(2, "authorization");
      if (authorization > 0) {
        names(statement, authorization + 1, others);
      }
    } else if (statement.begins("create", "policy")) {
      policy(statement);
    } else if (statement.begins("create", "user", "mapping")) {
      var who = statement.find(3, "for");
      if (who > 0) {
        names(statement, who + 1, others);
      }
    }
  }

  private void policy(Statement statement) {
    var to = statement.find(3, "to");
    var roles = new TreeSet<String>();
    if (to > 0) {
      names(statement, to + 1, roles);
    }
    if (!roles.isEmpty()) {
      var name = statement.at(2).text();
      var as = statement.find(4, "as", "restrictive");
      var restrictive = as > 0 && as < to;
      statement
          .tableAt(4)
          .ifPresent(table -> policies.add(new NamedRoles.Policy(table, name, roles, restrictive)));
    }
  }

  private void set(Statement statement) {
    var last = statement.at(statement.size() - 1);
    var authorization = statement.find(1, "session", "authorization") > 0;
    if ((authorization || statement.begins("set", "role"))
        && !last.is("default")
        && !last.is("none")
        && last.kind() != Kind.SYMBOL) {
      sessions.add(last.text());
    }
  }

  private static void names(Statement statement, int index, SortedSet<String> found) {
    for (var i = index; statement.at(i).isName(); i += 2) {
      var token = statement.at(i);
      if (token.kind() == Kind.NAME || !NO_ROLES.contains(token.text())) {
        found.add(token.text());
      }
      if (!statement.at(i + 1).is(",")) {
        return;
      }
    }
  }
}
