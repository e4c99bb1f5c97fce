package pgrunbook.actions;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import pgrunbook.action.Act;
import pgrunbook.action.Action;
import pgrunbook.action.Call;
import pgrunbook.action.Effect;
import pgrunbook.action.Kind;
import pgrunbook.action.Look;
import pgrunbook.action.Observed;
import pgrunbook.action.Preview;
import pgrunbook.action.StepFailed;
import pgrunbook.expression.Late;
import pgrunbook.migration.Goal;
import pgrunbook.migration.HistoryRow;
import pgrunbook.migration.HistoryTable;
import pgrunbook.migration.Version;
import pgrunbook.postgres.PostgresException;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Problem;
import pgrunbook.yaml.Doc;

/**
 * <code>flyway.stamp</code>: says that a database is at a version, without running any migration;
 * forward, and back.
 */
final class FlywayStamp
    implements Action<FlywayStamp.Input, FlywayStamp.Intent, FlywayStamp.Output> {
  record Input(
      @Doc("a version, latest, or base for none at all") Late<String> target,
      @Doc("database to stamp; default: the environment's") Optional<Late<String>> database,
      @Doc("the history to put back, as a rollback has saved it") Optional<Late<String>> rows,
      @Doc("with rows: refuse where the history is not what a stamp has left")
          Optional<Late<String>> left) {}

  /**
   * What the history will say.
   *
   * @param rows the whole history before, as JSON; empty where there was none
   * @param after what the rows say afterwards; empty where rows are put back
   */
  record Intent(String database, String before, String target, String rows, String after) {}

  record Output(String database, String from, String to) {}

  @Override
  public Kind<Input, Intent, Output> kind() {
    return new Kind<>(
        "flyway.stamp",
        2,
        "says that a database is at a version, without running a migration",
        Input.class,
        Intent.class,
        Output.class);
  }

  @Override
  public Preview preview(Input in, Look look) {
    var preview = Preview.of(Effect.MUTATING);
    var seen = MigrationLook.preview(in.database(), look, preview);
    if (seen.isEmpty() || !(in.target() instanceof Late.Known<String>(var target))) {
      return preview.build();
    }
    seen.get().mayWriteHistory(look, preview);
    preview.identity("version of " + seen.get().database(), seen.get().current());
    if (in.rows().isPresent()) {
      refusal(in, seen.get()).ifPresent(preview::problem);
      return preview.command("put the history back as it was before").build();
    }
    try {
      var after = after(seen.get(), target);
      preview.identity("history afterwards", HistoryRow.identities(after));
      preview.headline(
          "says that %s is at %s; it is at %s by its history; no migration runs"
              .formatted(
                  seen.get().database(),
                  Goal.stamp(target, seen.get().files()).map(Version::toString).orElse(Goal.BASE),
                  seen.get().current()));
      changes(seen.get(), after, preview);
    } catch (InvalidInput e) {
      e.problems().forEach(preview::problem);
    }
    return preview.build();
  }

  private static void changes(MigrationLook seen, List<HistoryRow> after, Preview.Builder preview) {
    if (!seen.history().present()) {
      preview.command("CREATE TABLE " + seen.history().shown());
    }
    seen.history().rows().stream()
        .filter(it -> !after.contains(it))
        .forEach(it -> preview.command("-- remove " + it.shown()));
    after.stream()
        .filter(it -> !seen.history().rows().contains(it))
        .forEach(it -> preview.command("-- add " + it.script() + " as applied"));
    var back = after.size() < seen.state().applied().size();
    if (back) {
      preview.warning(
          "what these migrations made stays in the database, and will be in the way when they are"
              + " applied again");
    }
  }

  private static List<HistoryRow> after(MigrationLook seen, String target) {
    return seen.state().stamped(seen.files(), Goal.stamp(target, seen.files()));
  }

  /** A later run's rows are not thrown away. */
  private static Optional<Problem> refusal(Input in, MigrationLook seen) {
    return in.left()
        .flatMap(
            it -> it instanceof Late.Known<String>(var left) ? Optional.of(left) : Optional.empty())
        .filter(left -> !HistoryRow.identities(seen.history().rows()).equals(left))
        .map(_ ->
            Problem.of(
                HistoryTable.CHANGED,
                "undo the later runs first, or 'stamp' the version that holds"));
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look) throws StepFailed {
    if (earlier.isPresent()) {
      return earlier.get();
    }
    var database = MigrationLook.database(in.database(), look).get();
    var seen = MigrationLook.at(database, look);
    if (!seen.files().problems().isEmpty()) {
      throw MigrationLook.failed(seen.files().problems().getFirst());
    }
    var refusal = refusal(in, seen);
    if (refusal.isPresent()) {
      throw MigrationLook.failed(refusal.get());
    }
    try {
      var target = in.target().get();
      var version = Goal.stamp(target, seen.files()).map(Version::toString).orElse(Goal.BASE);
      var after = in.rows().isPresent() ? "" : HistoryRow.identities(after(seen, target));
      return new Intent(database, seen.current(), version, saved(database, look), after);
    } catch (InvalidInput e) {
      throw MigrationLook.failed(e);
    }
  }

  private static String saved(String database, Look look) {
    var table = new HistoryTable(look.target().migrations());
    return look.cluster().read(database, table::saved);
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    var table = new HistoryTable(act.target().migrations());
    var seen = MigrationLook.at(intent.database(), act);
    var after = in.rows().isPresent() ? List.<HistoryRow>of() : after(seen, intent.target());
    try {
      act.cluster()
          .write(
              intent.database(),
              connection -> {
                if (in.rows().isPresent()) {
                  table.restore(connection, in.rows().get().get(), in.left().map(Late::get));
                } else {
                  table.replace(connection, after);
                }
                return true;
              });
    } catch (PostgresException e) {
      if (e.cancelled() && Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw MigrationLook.failed(e);
    }
    return output(intent, act);
  }

  private static Output output(Intent intent, Look look) {
    return new Output(
        intent.database(), intent.before(), MigrationLook.at(intent.database(), look).current());
  }

  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    var now = saved(intent.database(), look);
    var seen = MigrationLook.at(intent.database(), look);
    var done =
        in.rows().isPresent()
            ? now.equals(in.rows().get().get())
            : seen.history().present()
                && HistoryRow.identities(seen.history().rows()).equals(intent.after());
    if (done) {
      return new Observed.Done<>(output(intent, look));
    }
    return now.equals(intent.rows())
        ? new Observed.NotDone<>()
        : new Observed.Unknown<>(
            "the history is neither what it was nor what it was to be: somebody else has changed it");
  }

  @Override
  public Optional<Call> undo(Input in, Look look) {
    var with = new LinkedHashMap<String, String>();
    with.put("target", "${step.intent.before}");
    with.put("database", "${step.intent.database}");
    with.put("rows", "${step.intent.rows}");
    with.put("left", "${step.intent.after}");
    return Optional.of(new Call("flyway.stamp", with));
  }
}
