package pgrunbook.migration;

import java.util.List;
import java.util.Optional;
import pgrunbook.text.Closest;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Problem;

/** What people write as a target, worked out for a database as it is now. */
public final class Goal {
  public static final String LATEST = "latest";
  public static final String BASE = "base";

  private Goal() {}

  /**
   * The pending files up to <code>latest</code>, <code>+N</code> or a version.
   *
   * @throws InvalidInput where there is no such target, or it lies behind
   */
  public static List<Migration> forward(String target, Migrations files, MigrationState state) {
    var pending = state.pending();
    if (target.equals(LATEST)) {
      return pending;
    }
    if (target.startsWith("+")) {
      var count = count(target);
      if (count > pending.size()) {
        throw wrong(
            "target " + target + ": only " + pending.size() + " migrations are pending",
            "'migration status' lists them; target latest applies all");
      }
      return pending.subList(0, count);
    }
    var version = known(target, files);
    if (state.current().filter(it -> it.compareTo(version) > 0).isPresent()) {
      throw wrong(
          "the database is at " + state.current().get() + " already, after target " + version,
          "to go back: undo-migration --set target=" + version);
    }
    return pending.stream().filter(it -> it.version().compareTo(version) <= 0).toList();
  }

  /**
   * The version to go back to by <code>-1</code>, <code>-N</code>, a version or <code>base</code>;
   * empty for base.
   *
   * @throws InvalidInput where there is no such target, or it lies ahead
   */
  public static Optional<Version> back(String target, MigrationState state) {
    var applied = state.applied().stream().flatMap(it -> it.version().stream()).sorted().toList();
    if (target.equals(BASE)) {
      return Optional.empty();
    }
    if (target.startsWith("-")) {
      var count = count(target);
      if (count > applied.size()) {
        throw wrong(
            "target " + target + ": only " + applied.size() + " migrations are applied",
            "'migration history' lists them; target base undoes all");
      }
      return count == applied.size()
          ? Optional.empty()
          : Optional.of(applied.get(applied.size() - count - 1));
    }
    var version = Version.parse(target).orElseThrow(() -> noTarget(target, "-1, -N, base"));
    if (!applied.contains(version)) {
      var known = applied.stream().map(Version::toString).toList();
      throw wrong("version " + version + " is not applied", Closest.hint(target, known));
    }
    return Optional.of(version);
  }

  /**
   * The version that the database shall be said to be at: <code>latest</code>, a version or <code>
   * base</code>; empty for base.
   *
   * @throws InvalidInput where no file has that version
   */
  public static Optional<Version> stamp(String target, Migrations files) {
    return switch (target) {
      case BASE -> Optional.empty();
      case LATEST -> files.newest();
      default -> Optional.of(known(target, files));
    };
  }

  private static Version known(String target, Migrations files) {
    var version = Version.parse(target).orElseThrow(() -> noTarget(target, "latest, +N, base"));
    if (files.find(version).isEmpty()) {
      throw wrong(
          "no file in " + files.shown() + " has version " + version,
          Closest.hint(target, files.versions().toList()));
    }
    return version;
  }

  private static int count(String target) {
    if (!target.matches("[+-][1-9][0-9]{0,5}")) {
      throw noTarget(target, "+1, -1");
    }
    return Integer.parseInt(target.substring(1));
  }

  private static InvalidInput noTarget(String target, String known) {
    return wrong("'" + target + "' is no target", "a version, or one of: " + known);
  }

  private static InvalidInput wrong(String what, String hint) {
    return new InvalidInput(Problem.of(what, hint));
  }
}
