package pgrunbook.actions;

import java.time.Duration;
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
import pgrunbook.migration.Version;
import pgrunbook.text.InvalidInput;
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

  /**
   * What was taken back.
   *
   * @param writtenSince what was, or may have been, written after the safety backup
   */
  record Output(
      String database,
      String from,
      String to,
      List<String> undone,
      Optional<String> writtenSince) {}

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
    seen.get().mayWriteHistory(look, preview);
    preview.identity("version of " + seen.get().database(), seen.get().current());
    try {
      var back = Goal.back(target, seen.get().state());
      refusals(in, seen.get(), back).all().forEach(preview::problem);
      if (in.onlyEmpty()) {
        refusals(in, seen.get(), back).losses(look).ifPresent(preview::problem);
      }
      show(in, seen.get(), back, look, preview);
    } catch (InvalidInput e) {
      e.problems().forEach(preview::problem);
    }
    return preview.build();
  }

  private static void show(
      Input in, MigrationLook seen, Optional<Version> back, Look look, Preview.Builder preview) {
    var undone = UndoRefusals.toUndo(seen, back);
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
            undo.sql().shown().forEach(preview::command);
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

  private static UndoRefusals refusals(Input in, MigrationLook seen, Optional<Version> back) {
    var newest =
        in.newest()
            .flatMap(it ->
                it instanceof Late.Known<String>(var known)
                    ? Optional.of(known)
                    : Optional.empty());
    return new UndoRefusals(seen, back, newest);
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
      var refusals = refusals(in, seen, back).all();
      if (!refusals.isEmpty()) {
        throw MigrationLook.failed(refusals.getFirst());
      }
      var versions =
          UndoRefusals.toUndo(seen, back).stream().map(it -> it.version().toString()).toList();
      var target = back.map(Version::toString).orElse(Goal.BASE);
      return new Intent(database, seen.current(), target, versions);
    } catch (InvalidInput e) {
      throw MigrationLook.failed(e);
    }
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    var written = writtenSince(in, intent, act);
    written.ifPresent(what -> act.log().line("since the safety backup: " + what));
    var own = in.onlyEmpty() ? own(intent, act) : List.<String>of();
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
          var losses =
              UndoRefusals.losses(
                  intent.database(), List.of(migration.get()), own, intent.target(), act);
          if (losses.isPresent()) { // others may have written since the rollback began
            throw MigrationLook.failed(losses.get());
          }
        }
        Migrating.takeBack(intent.database(), migration.get(), row.get(), in.lockTimeout(), act);
      }
    }
    return output(intent, written);
  }

  /** Of all, for a later migration may have filled an earlier one's table. */
  private static List<String> own(Intent intent, Look look) {
    var seen = MigrationLook.at(intent.database(), look);
    var versions = intent.versions().stream().map(Version::of).toList();
    return UndoRefusals.own(
        seen, versions.stream().flatMap(it -> seen.files().find(it).stream()).toList());
  }

  /**
   * Nobody keeps others from writing, so it is said and not refused; what was begun has written.
   */
  private Optional<String> writtenSince(Input in, Intent intent, Act act)
      throws StepFailed, InterruptedException {
    return in.onlyEmpty() || !(inspect(in, intent, act) instanceof Observed.NotDone)
        ? Optional.empty()
        : SafetyBackups.writesSince(intent.database(), act);
  }

  private static Output output(Intent intent, Optional<String> written) {
    return new Output(
        intent.database(), intent.before(), intent.target(), intent.versions(), written);
  }

  /** Each was one transaction together with its row: the rows tell. */
  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    var state = MigrationLook.at(intent.database(), look).state();
    var left =
        intent.versions().stream().filter(it -> state.row(Version.of(it)).isPresent()).count();
    if (left == 0) {
      return new Observed.Done<>(output(intent, Optional.empty()));
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
