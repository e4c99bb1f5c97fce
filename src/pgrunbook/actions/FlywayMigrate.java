package pgrunbook.actions;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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
import pgrunbook.migration.FlywayRoom;
import pgrunbook.migration.Goal;
import pgrunbook.migration.Migration;
import pgrunbook.migration.SqlFacts;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Problem;
import pgrunbook.yaml.Default;
import pgrunbook.yaml.Doc;

/** <code>flyway.migrate</code>: applies the migrations that are pending, up to a target. */
final class FlywayMigrate
    implements Action<FlywayMigrate.Input, FlywayMigrate.Intent, FlywayMigrate.Output> {
  record Input(
      @Doc("latest, +N for the next N, or a version") @Default("latest") Late<String> target,
      @Doc("database to migrate; default: the environment's") Optional<Late<String>> database,
      @Doc("how long a statement may wait for a lock, while others queue behind it") @Default("10s")
          Duration lockTimeout,
      @Doc("why it may destroy something without any backup of it") Optional<String> noWayBack) {}

  /**
   * What is to be applied.
   *
   * @param before the version before, or base
   * @param newest the version afterwards
   * @param migrations version:checksum of each, in order
   */
  record Intent(String database, String before, String newest, List<String> migrations) {}

  /**
   * What was applied.
   *
   * @param applied version:checksum of each, in order
   */
  record Output(String database, String from, String to, List<String> applied) {}

  /** A file and what was found in it. */
  private record Read(Migration file, SqlFacts facts) {}

  @Override
  public Kind<Input, Intent, Output> kind() {
    return new Kind<>(
        "flyway.migrate",
        1,
        "applies the migrations that are pending, up to a target",
        Input.class,
        Intent.class,
        Output.class);
  }

  @Override
  public Preview preview(Input in, Look look) {
    var found = Preview.of(Effect.MUTATING);
    var seen = MigrationLook.preview(in.database(), look, found);
    if (seen.isEmpty() || !(in.target() instanceof Late.Known<String>(var target))) {
      return found.build();
    }
    seen.get().mayWriteHistory(look, found);
    seen.get().odd().forEach(found::problem);
    try {
      var pending = Goal.forward(target, seen.get().files(), seen.get().state());
      return preview(in, seen.get(), pending, found.build());
    } catch (InvalidInput e) {
      e.problems().forEach(found::problem);
      return found.build();
    }
  }

  private static Preview preview(
      Input in, MigrationLook seen, List<Migration> pending, Preview sofar) {
    var files = pending.stream().map(it -> new Read(it, it.sql().facts())).toList();
    var destroys = files.stream().anyMatch(it -> !it.facts().losses().isEmpty());
    var effect =
        destroys ? Effect.DESTRUCTIVE : pending.isEmpty() ? Effect.READ_ONLY : Effect.MUTATING;
    var preview = Preview.of(effect);
    sofar.problems().forEach(preview::problem);
    preview.identity("version of " + seen.database(), seen.current());
    preview.identity(
        "pending migrations",
        pending.isEmpty() ? "none" : String.join(" ", MigrationLook.identities(pending)));
    if (pending.isEmpty()) {
      preview.headline(seen.database() + " is at " + seen.current() + ", nothing to migrate");
      return preview.build();
    }
    preview.headline(
        "migrates %s from %s to %s: %s"
            .formatted(
                seen.database(),
                seen.current(),
                pending.getLast().version(),
                MigrationLook.count(pending.size(), "file")));
    files.forEach(it -> show(it, preview));
    files.stream().flatMap(it -> refusals(it, seen)).forEach(preview::problem);
    if (destroys) {
      in.noWayBack()
          .ifPresentOrElse(
              why -> preview.warning("there is no way back: " + why),
              () ->
                  preview
                      .warning(MigrationLook.WRITTEN_MEANWHILE)
                      .needs(new Claim.WayBack(seen.database())));
    }
    withoutUndo(pending)
        .ifPresent(it ->
            preview.warning(
                it
                    + " has no U file: a rollback can't take these migrations back, only a backup"
                    + " made before can"));
    return preview.build();
  }

  private static void show(Read read, Preview.Builder preview) {
    var migration = read.file();
    migration.sql().shown().forEach(preview::command);
    if (read.facts().isEmpty()) {
      preview.warning(migration.script() + " holds no statement, and can't get one later");
    }
    migration
        .settings()
        .ifPresent(it -> {
          var name = migration.script() + ".conf";
          preview.identity(name, it.strip());
          preview.command("-- " + name);
          it.lines().filter(line -> !line.isBlank()).forEach(preview::command);
        });
    for (var loss : read.facts().losses()) {
      var what = migration.script() + ":" + loss.line() + " " + loss.shown();
      if (loss.isCertain()) {
        preview.warning(what);
      } else {
        preview.unknown(what);
      }
    }
  }

  private static Stream<Problem> refusals(Read read, MigrationLook seen) {
    var migration = read.file();
    var transaction =
        migration
            .endsTransaction(read.facts())
            .map(it -> MigrationLook.endsTransaction(seen, migration.script(), it));
    var alone =
        migration
            .alone(read.facts())
            .map(it -> MigrationLook.notAlone(seen, migration.script(), it));
    var size = FlywayRoom.here().problem(seen.files().shown(), migration, read.facts());
    return Stream.of(transaction, alone, size).flatMap(Optional::stream);
  }

  private static Optional<String> withoutUndo(List<Migration> migrations) {
    return migrations.stream().filter(it -> it.undo().isEmpty()).map(Migration::script).findFirst();
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look) throws StepFailed {
    var database = MigrationLook.database(in.database(), look).get();
    var seen = MigrationLook.at(database, look);
    seen.refuseOdd();
    if (earlier.isPresent()) {
      new PlannedFiles(earlier.get(), seen).refuseOthers();
      return earlier.get();
    }
    try {
      var pending = Goal.forward(in.target().get(), seen.files(), seen.state());
      var wrong =
          pending.stream()
              .flatMap(it -> refusals(new Read(it, it.sql().facts()), seen))
              .findFirst();
      if (wrong.isPresent()) {
        throw MigrationLook.failed(wrong.get());
      }
      var newest = pending.isEmpty() ? seen.current() : pending.getLast().version().toString();
      return new Intent(database, seen.current(), newest, MigrationLook.identities(pending));
    } catch (InvalidInput e) {
      throw MigrationLook.failed(e);
    }
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    if (!intent.migrations().isEmpty()) {
      var seen = MigrationLook.at(intent.database(), act);
      seen.refuseOdd();
      var files = new PlannedFiles(intent, seen);
      files.refuseOthers();
      Migrating.apply(intent.database(), files.planned(), intent.newest(), in.lockTimeout(), act);
    }
    return output(intent);
  }

  private static Output output(Intent intent) {
    return new Output(intent.database(), intent.before(), intent.newest(), intent.migrations());
  }

  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    var seen = MigrationLook.at(intent.database(), look);
    var rows = new ArrayList<String>();
    seen.state().applied().stream()
        .filter(it -> it.success())
        .forEach(it -> rows.add(it.version().orElseThrow() + ":" + it.checksum().orElse(0)));
    var missing = intent.migrations().stream().filter(it -> !rows.contains(it)).toList();
    if (missing.isEmpty()) {
      return new Observed.Done<>(output(intent));
    }
    var left = Migrating.leftHalfDone(seen, PlannedFiles.version(missing.getFirst()));
    if (left.isPresent()) {
      return new Observed.Unknown<>(left.get());
    }
    var done = intent.migrations().size() - missing.size();
    return done == 0
        ? new Observed.NotDone<>()
        : new Observed.Partly<>(
            "%d of %d migrations are applied, up to %s"
                .formatted(done, intent.migrations().size(), seen.current()));
  }

  @Override
  public Optional<Call> undo(Input in, Look look) {
    var ignored = Preview.of(Effect.READ_ONLY);
    var seen = MigrationLook.preview(in.database(), look, ignored);
    if (seen.isPresent() && in.target() instanceof Late.Known<String>(var target)) {
      try {
        if (withoutUndo(Goal.forward(target, seen.get().files(), seen.get().state())).isPresent()) {
          return Optional.empty();
        }
      } catch (InvalidInput _) {
        return Optional.empty(); // a problem of the preview
      }
    }
    var with = new LinkedHashMap<String, String>();
    with.put("target", "${step.intent.before}");
    with.put("newest", "${step.intent.newest}");
    with.put("database", "${step.intent.database}");
    with.put("only_empty", "true");
    return Optional.of(new Call("flyway.undo", with));
  }
}
