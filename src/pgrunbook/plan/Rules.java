package pgrunbook.plan;

import java.util.ArrayList;
import java.util.List;
import pgrunbook.action.Claim;
import pgrunbook.action.Claim.BackupVerified;
import pgrunbook.action.Claim.ContentVerified;
import pgrunbook.action.Claim.DatabaseEmpty;
import pgrunbook.action.Claim.OldKept;
import pgrunbook.action.Claim.Owes;
import pgrunbook.action.Claim.Pays;
import pgrunbook.action.Claim.Restored;
import pgrunbook.action.Claim.SafetyBackup;
import pgrunbook.action.Claim.WayBack;
import pgrunbook.action.Preview;
import pgrunbook.text.Place;
import pgrunbook.text.Problem;

/** The rules across steps: what a step needs, an earlier one must leave. */
final class Rules {
  private Rules() {}

  /** What the step needs and none of the earlier ones leaves. */
  static List<Problem> missing(String step, Place place, Preview preview, List<Claim> held) {
    var missing = new ArrayList<Problem>();
    for (var need : preview.needs()) {
      if (held.stream().noneMatch(claim -> satisfies(claim, need))) {
        missing.add(
            new Problem(
                place,
                "step '" + step + "' needs " + need.shown() + ", and no earlier step leaves it",
                java.util.Optional.of(hint(need))));
      }
    }
    return missing;
  }

  private static boolean satisfies(Claim claim, Claim need) {
    return switch (need) {
      case BackupVerified(var backup, var _) ->
          claim instanceof BackupVerified(var other, var _) && other.equals(backup);
      case SafetyBackup(var database, var _) ->
          claim instanceof SafetyBackup(var other, var _) && other.equals(database);
      case WayBack(var database) ->
          (claim instanceof SafetyBackup(var other, var _) && other.equals(database))
              || (claim instanceof OldKept(var kept) && kept.equals(database));
      case OldKept _, DatabaseEmpty _, Restored _, ContentVerified _, Owes _, Pays _ ->
          claim.equals(need);
    };
  }

  private static String hint(Claim need) {
    return switch (need) {
      case BackupVerified _ -> "add a step postgres.check_backup before it";
      case SafetyBackup _, WayBack _ ->
          "add a step postgres.backup before it (one that is skipped leaves nothing), set keep_old:"
              + " true, or give no_way_back: <reason>";
      case OldKept _ -> "set keep_old: true in postgres.recreate";
      case DatabaseEmpty _ ->
          "add a step postgres.recreate or postgres.create before it and use its database";
      case Restored _ -> "add a step postgres.restore of the same database before it";
      case ContentVerified _ -> "add a step postgres.verify of the same database before it";
      case Owes _, Pays _ -> "check the order of the steps";
    };
  }

  /** What holds after a step, given what held before it. */
  static List<Claim> after(List<Claim> held, Preview preview) {
    var after = new ArrayList<>(held);
    for (var left : preview.leaves()) {
      after.removeIf(claim -> ends(left, claim));
      if (!(left instanceof Pays)) {
        after.add(left);
      }
    }
    return after;
  }

  private static boolean ends(Claim left, Claim claim) {
    return switch (left) {
      case Pays(var id) -> claim instanceof Owes(var owed, var _) && owed.equals(id);
      case Owes(var id, var _) -> claim instanceof Owes(var owed, var _) && owed.equals(id);
      case DatabaseEmpty(var database) ->
          claim.equals(new Restored(database)) || claim.equals(new ContentVerified(database));
      case Restored(var database) ->
          claim.equals(new DatabaseEmpty(database)) || claim.equals(new ContentVerified(database));
      case BackupVerified _, SafetyBackup _, OldKept _, WayBack _, ContentVerified _ -> false;
    };
  }

  /** What is owed among what holds. */
  static List<Owes> owed(List<Claim> held) {
    return held.stream().filter(Owes.class::isInstance).map(Owes.class::cast).toList();
  }
}
