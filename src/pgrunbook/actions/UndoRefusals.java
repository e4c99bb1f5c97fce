package pgrunbook.actions;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgrunbook.action.Look;
import pgrunbook.migration.FlywayRoom;
import pgrunbook.migration.Goal;
import pgrunbook.migration.HistoryRow;
import pgrunbook.migration.Migration;
import pgrunbook.migration.Odd;
import pgrunbook.migration.Version;
import pgrunbook.text.Problem;

/**
 * Why migrations are not taken back.
 *
 * @param back the version to go back to; empty for base
 * @param newest the version after which the database is not touched
 */
record UndoRefusals(MigrationLook seen, Optional<Version> back, Optional<String> newest) {
  /** What is wrong with going back so far; the files' other troubles don't matter here. */
  List<Problem> all() {
    var problems = new ArrayList<Problem>();
    for (var row : seen.state().applied()) {
      var version = row.version().orElseThrow();
      if (back.isEmpty() || version.compareTo(back.get()) > 0) {
        refusal(row).ifPresent(problems::add);
      }
    }
    newest
        .filter(this::isNewerThan)
        .map(it -> seen.database() + " is at " + seen.current() + ", newer than " + it)
        .ifPresent(
            it -> problems.add(Problem.of(it, "a later run has migrated it: undo that one first")));
    return problems;
  }

  private boolean isNewerThan(String version) {
    return seen.state()
        .current()
        .filter(it -> Version.parse(version).filter(most -> it.compareTo(most) <= 0).isEmpty())
        .isPresent();
  }

  private Optional<Problem> refusal(HistoryRow row) {
    if (!row.success()) {
      return Optional.of(new Odd.Failed(row).problem());
    }
    var undo = seen.files().find(row.version().orElseThrow()).flatMap(Migration::undo);
    if (undo.isEmpty()) {
      return Optional.of(
          Problem.of(
              row.shown() + " has no U file in " + seen.files().shown(),
              "write " + row.script().replaceFirst("^V", "U") + ", or restore a backup"));
    }
    var facts = undo.get().sql().facts();
    if (facts.hasConcurrently()) {
      return Optional.of(
          Problem.of(
              undo.get().script() + " has CONCURRENTLY, which no transaction can carry out",
              "write the U file without it"));
    }
    return facts
        .endsTransaction()
        .map(it -> MigrationLook.endsTransaction(seen, undo.get().script(), it))
        .or(() -> FlywayRoom.here().problem(seen.files().shown(), undo.get()));
  }

  /** What going back would lose, where it would: a rollback makes no backup of it first. */
  Optional<Problem> losses(Look look) {
    var target = back.map(Version::toString).orElse(Goal.BASE);
    var migrations = toUndo(seen, back);
    return losses(seen.database(), migrations, own(seen, migrations), target, look);
  }

  static Optional<Problem> losses(
      String database, List<Migration> migrations, List<String> own, String target, Look look) {
    var losses =
        migrations.stream()
            .flatMap(it -> it.undo().stream())
            .flatMap(it -> Losses.real(database, it, own, look).stream())
            .toList();
    return losses.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Problem.of(
                "no backup holds what this would lose: " + String.join("; ", losses),
                "'run undo-migration --set target=%s' makes a backup first".formatted(target)));
  }

  /** The transactions in which migrations ran, each with its row. */
  static List<String> own(MigrationLook seen, List<Migration> migrations) {
    return migrations.stream()
        .flatMap(it -> seen.state().row(it.version()).stream())
        .filter(HistoryRow::hasRun)
        .flatMap(it -> it.transaction().stream())
        .toList();
  }

  static List<Migration> toUndo(MigrationLook seen, Optional<Version> back) {
    return seen.files().between(back, seen.state().current()).reversed().stream()
        .filter(it -> seen.state().row(it.version()).isPresent())
        .toList();
  }
}
