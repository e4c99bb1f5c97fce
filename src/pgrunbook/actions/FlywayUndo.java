package pgrunbook.actions;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import pgrunbook.action.Act;
import pgrunbook.action.Action;
import pgrunbook.action.Call;
import pgrunbook.action.Claim;
import pgrunbook.action.Effect;
import pgrunbook.action.Kind;
import pgrunbook.action.Look;
import pgrunbook.action.Observed;
import pgrunbook.action.Preview;
import pgrunbook.action.StepFailed;
import pgrunbook.expression.Late;
import pgrunbook.migration.Goal;
import pgrunbook.migration.HistoryRow;
import pgrunbook.migration.Migration;
import pgrunbook.migration.Odd;
import pgrunbook.migration.Version;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Problem;
import pgrunbook.yaml.Default;
import pgrunbook.yaml.Doc;

/** <code>flyway.undo</code>: takes migrations back by their U files, the newest first. */
final class FlywayUndo implements Action<FlywayUndo.Input, FlywayUndo.Intent, FlywayUndo.Output> {
  record Input(
      @Doc("-1 or -N for the last N, the version to go back to, or base") @Default("'-1'")
          Late<String> target,
      @Doc("database to act on; default: the environment's") Optional<Late<String>> database,
      @Doc("refuse where the database is newer than this version") Optional<Late<String>> newest,
      @Doc("refuse where rows or values would be lost, or may be") @Default("false")
          boolean onlyEmpty,
      @Doc("how long a statement may wait for a lock, while others queue behind it") @Default("10s")
          Duration lockTimeout,
      @Doc("why it may destroy without any backup of it") Optional<String> noWayBack) {}

  /**
   * What is to be taken back.
   *
   * @param before the version before, or base
   * @param versions newest first
   */
  record Intent(String database, String before, String target, List<String> versions) {}

  record Output(String database, String from, String to, List<String> undone) {}

  @Override
  public Kind<Input, Intent, Output> kind() {
    return new Kind<>(
        "flyway.undo",
        1,
        "takes migrations back by their U files, the newest first",
        Input.class,
        Intent.class,
        Output.class);
  }

  @Override
  public Preview preview(Input in, Look look) {
    var preview = Preview.of(Effect.DESTRUCTIVE);
    var seen = MigrationLook.preview(in.database(), look, preview);
    if (seen.isEmpty() || !(in.target() instanceof Late.Known<String>(var target))) {
      return preview.build();
    }
    preview.identity("version of " + seen.get().database(), seen.get().current());
    try {
      var back = Goal.back(target, seen.get().state());
      refusals(in, seen.get(), back).forEach(preview::problem);
      losses(in, seen.get(), back, look).ifPresent(preview::problem);
      show(in, seen.get(), back, look, preview);
    } catch (InvalidInput e) {
      e.problems().forEach(preview::problem);
    }
    return preview.build();
  }

  private static void show(
      Input in, MigrationLook seen, Optional<Version> back, Look look, Preview.Builder preview) {
    var undone = toUndo(seen, back);
    preview.identity(
        "migrations to undo",
        undone.stream()
            .map(it -> it.identity() + it.undo().map(undo -> "/" + undo.checksum()).orElse(""))
            .collect(Collectors.joining(" ")));
    preview.headline(
        "takes %s back from %s to %s: %s; what they hold is lost"
            .formatted(
                seen.database(),
                seen.current(),
                back.map(Version::toString).orElse(Goal.BASE),
                MigrationLook.count(undone.size(), "migration")));
    for (var migration : undone) {
      migration
          .undo()
          .ifPresent(undo -> {
            MigrationLook.shown(undo.script(), undo.sql()).forEach(preview::command);
            Losses.show(seen.database(), undo, look, preview);
          });
    }
    in.noWayBack()
        .ifPresentOrElse(
            why -> preview.warning("there is no way back: " + why),
            () ->
                preview
                    .warning(MigrationLook.WRITTEN_MEANWHILE)
                    .needs(new Claim.WayBack(seen.database())));
  }

  /** What is wrong with going back so far; the files' other troubles don't matter here. */
  private static List<Problem> refusals(Input in, MigrationLook seen, Optional<Version> back) {
    var problems = new ArrayList<Problem>();
    for (var row : seen.state().applied()) {
      var version = row.version().orElseThrow();
      if (back.isEmpty() || version.compareTo(back.get()) > 0) {
        refusal(row, seen).ifPresent(problems::add);
      }
    }
    in.newest()
        .flatMap(it ->
            it instanceof Late.Known<String>(var newest) ? Optional.of(newest) : Optional.empty())
        .filter(it -> isNewer(seen, it))
        .map(it -> seen.database() + " is at " + seen.current() + ", newer than " + it)
        .ifPresent(
            it -> problems.add(Problem.of(it, "a later run has migrated it: undo that one first")));
    return problems;
  }

  private static boolean isNewer(MigrationLook seen, String newest) {
    return seen.state()
        .current()
        .filter(it -> Version.parse(newest).filter(most -> it.compareTo(most) <= 0).isEmpty())
        .isPresent();
  }

  private static Optional<Problem> refusal(HistoryRow row, MigrationLook seen) {
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
    if (undo.get().hasConcurrently()) {
      return Optional.of(
          Problem.of(
              undo.get().script() + " has CONCURRENTLY, which no transaction can carry out",
              "write the U file without it"));
    }
    return undo.get()
        .endsTransaction()
        .map(it -> MigrationLook.endsTransaction(seen, undo.get().script(), it));
  }

  /** A rollback has made no backup of what was written since the migration. */
  private static Optional<Problem> losses(
      Input in, MigrationLook seen, Optional<Version> back, Look look) {
    if (!in.onlyEmpty()) {
      return Optional.empty();
    }
    var losses =
        toUndo(seen, back).stream()
            .flatMap(it -> it.undo().stream())
            .flatMap(it -> Losses.real(seen.database(), it, look).stream())
            .toList();
    return losses.isEmpty()
        ? Optional.empty()
        : Optional.of(wouldLose(losses, back.map(Version::toString).orElse(Goal.BASE)));
  }

  private static Problem wouldLose(List<String> losses, String target) {
    return Problem.of(
        "no backup holds what this would lose: " + String.join("; ", losses),
        "'run undo-migration --set target=%s' makes a backup first".formatted(target));
  }

  private static List<Migration> toUndo(MigrationLook seen, Optional<Version> back) {
    return seen.files().between(back, seen.state().current()).reversed().stream()
        .filter(it -> seen.state().row(it.version()).isPresent())
        .toList();
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look) throws StepFailed {
    if (earlier.isPresent()) {
      return earlier.get();
    }
    var database = MigrationLook.database(in.database(), look).get();
    var seen = MigrationLook.at(database, look);
    try {
      var back = Goal.back(in.target().get(), seen.state());
      var refusals = refusals(in, seen, back);
      if (!refusals.isEmpty()) {
        throw MigrationLook.failed(refusals.getFirst());
      }
      var versions = toUndo(seen, back).stream().map(it -> it.version().toString()).toList();
      var target = back.map(Version::toString).orElse(Goal.BASE);
      return new Intent(database, seen.current(), target, versions);
    } catch (InvalidInput e) {
      throw MigrationLook.failed(e);
    }
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    for (var text : intent.versions()) {
      var seen = MigrationLook.at(intent.database(), act);
      var version = Version.of(text);
      var row = seen.state().row(version);
      if (row.isPresent()) {
        var migration = seen.files().find(version).filter(it -> it.undo().isPresent());
        if (migration.isEmpty()) {
          throw new StepFailed("the U file of " + text + " is gone", "bring it back, and 'resume'");
        }
        if (in.onlyEmpty()) {
          refuseLosses(intent, migration.get(), act);
        }
        Migrating.takeBack(intent.database(), migration.get(), row.get(), in.lockTimeout(), act);
      }
    }
    return output(intent);
  }

  /** Once more, as others may have written since the rollback began. */
  private static void refuseLosses(Intent intent, Migration migration, Act act) throws StepFailed {
    var losses = Losses.real(intent.database(), migration.undo().orElseThrow(), act);
    if (!losses.isEmpty()) {
      throw MigrationLook.failed(wouldLose(losses, intent.target()));
    }
  }

  private static Output output(Intent intent) {
    return new Output(intent.database(), intent.before(), intent.target(), intent.versions());
  }

  /** Each was one transaction together with its row: the rows tell. */
  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    var state = MigrationLook.at(intent.database(), look).state();
    var left =
        intent.versions().stream().filter(it -> state.row(Version.of(it)).isPresent()).count();
    if (left == 0) {
      return new Observed.Done<>(output(intent));
    }
    return left == intent.versions().size()
        ? new Observed.NotDone<>()
        : new Observed.Partly<>(
            left + " of " + intent.versions().size() + " migrations are still to be taken back");
  }

  /** The tables come back, what they held does not. */
  @Override
  public Optional<Call> undo(Input in, Look look) {
    var with = new LinkedHashMap<String, String>();
    with.put("target", "${step.intent.before}");
    with.put("database", "${step.intent.database}");
    with.put("no_way_back", "the undo of an undo: it makes empty tables and columns again");
    return Optional.of(new Call("flyway.migrate", with));
  }
}
