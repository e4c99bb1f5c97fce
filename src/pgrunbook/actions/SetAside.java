package pgrunbook.actions;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import pgrunbook.action.Look;
import pgrunbook.postgres.DatabaseFacts;
import pgrunbook.postgres.Identifiers;
import pgrunbook.postgres.Literals;
import pgrunbook.postgres.Names;
import pgrunbook.text.Problem;

/** The databases that runs have set aside, known by their names. */
final class SetAside {
  /** A run's id, as a name has it; other applications name databases app_old_system. */
  private static final Pattern SUFFIX = Pattern.compile("_old_\\d{8}_\\d{6}_[a-z0-9]{4}$");

  private SetAside() {}

  /** The database, or why there is none. */
  record Found(Optional<DatabaseFacts> database, Optional<Problem> problem) {}

  static Found find(String name, Look look) {
    var target = look.target().database();
    if (!isNamedSo(name, target)) {
      return new Found(
          Optional.empty(),
          Optional.of(
              Problem.of(
                  "'" + name + "' is not the name of a database that a run set aside",
                  "such names are " + target + "_old_ and a run's id; " + there(look))));
    }
    var database = look.cluster().database(name);
    return database.isPresent()
        ? new Found(database, Optional.empty())
        : new Found(
            Optional.empty(),
            Optional.of(Problem.of("there is no database '" + name + "'", there(look))));
  }

  private static String there(Look look) {
    var known = all(look);
    return known.isEmpty() ? "there is none now" : "there is: " + String.join(", ", known);
  }

  private static List<String> all(Look look) {
    return look.cluster().databaseNames().stream()
        .filter(name -> isNamedSo(name, look.target().database()))
        .toList();
  }

  /** Whether a run may have given that name to the target's database, shortened if need be. */
  static boolean isNamedSo(String name, String target) {
    var suffix = SUFFIX.matcher(name);
    return suffix.find() && Names.fitting(target, suffix.group()).equals(name);
  }

  /** What keeps it from being dropped, and the idle slots that would silently go with it. */
  static List<Problem> obstacles(DatabaseFacts database, boolean endSessions, Look look) {
    var name = database.name();
    var cluster = look.cluster();
    var problems = new ArrayList<Problem>();
    if (database.template()) {
      var fix = "ALTER DATABASE " + Identifiers.quote(name) + " IS_TEMPLATE false";
      problems.add(Problem.of(name + " is a template", fix));
    }
    for (var prepared : cluster.preparedTransactions(name)) {
      problems.add(
          Problem.of(
              name + " is used by the prepared transaction '" + prepared.gid() + "'",
              "COMMIT PREPARED or ROLLBACK PREPARED it in that database first"));
    }
    for (var slot : cluster.replicationSlots(name)) {
      problems.add(
          Problem.of(
              name + " has the logical replication slot '" + slot.name() + "'",
              "first: SELECT pg_drop_replication_slot(" + Literals.quote(slot.name()) + ")"));
    }
    for (var subscription : cluster.subscriptions(name).orElse(List.of())) {
      problems.add(
          Problem.of(
              name + " is used by the subscription '" + subscription + "'",
              "first, in that database: DROP SUBSCRIPTION " + Identifiers.quote(subscription)));
    }
    if (!endSessions) {
      for (var session : cluster.sessions(name)) {
        var fix = "end it, or set end_sessions: true";
        problems.add(Problem.of(name + " is in use by " + session.shown(), fix));
      }
    }
    return problems;
  }
}
