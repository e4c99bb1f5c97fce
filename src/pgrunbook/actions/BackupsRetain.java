package pgrunbook.actions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import pgrunbook.action.Act;
import pgrunbook.action.Action;
import pgrunbook.action.Claim;
import pgrunbook.action.Effect;
import pgrunbook.action.Kind;
import pgrunbook.action.Look;
import pgrunbook.action.Observed;
import pgrunbook.action.Preview;
import pgrunbook.action.StepFailed;
import pgrunbook.backup.BackupFolder;
import pgrunbook.backup.Examiner;
import pgrunbook.backup.Manifests;
import pgrunbook.backup.StoredBackup;
import pgrunbook.yaml.Doc;

/**
 * <code>backups.retain</code>: removes old backups of the environment's database that pgrunbook has
 * made, and never the newest verified one.
 */
public final class BackupsRetain
    implements Action<BackupsRetain.Input, BackupsRetain.Intent, BackupsRetain.Output> {

  /** What a runbook gives. */
  public record Input(
      @Doc("how many of the newest stay; 0 sets no number") Optional<Integer> keep,
      @Doc("for how many days they stay; 0 sets no time") Optional<Integer> keepDays,
      @Doc("only backups with this label; by default all but pre-restore and pre-undo")
          Optional<String> label) {
    public Input {
      if (keep.orElse(0) < 0 || keepDays.orElse(0) < 0) {
        throw new IllegalArgumentException("neither 'keep' nor 'keep_days' can be less than 0");
      }
    }
  }

  /**
   * What goes.
   *
   * @param files oldest first
   */
  public record Intent(List<String> files) {
    public Intent {
      files = List.copyOf(files);
    }
  }

  /** What went. */
  public record Output(List<String> removed, int kept) {
    public Output {
      removed = List.copyOf(removed);
    }
  }

  @Override
  public Kind<Input, Intent, Output> kind() {
    return new Kind<>(
        "backups.retain",
        1,
        "removes old backups, and never the newest verified one",
        Input.class,
        Intent.class,
        Output.class);
  }

  @Override
  public Preview preview(Input in, Look look) {
    var preview = Preview.of(Effect.DESTRUCTIVE);
    if (in.keep().orElse(0) == 0 && in.keepDays().orElse(0) == 0) {
      return preview
          .problem("nothing says which backups stay", "give 'keep', 'keep_days' or both")
          .build();
    }
    try {
      for (var decision : decisions(in, look)) {
        show(decision, look, preview);
      }
    } catch (IOException e) {
      preview.problem(
          "the backups folder can't be read: " + e.getMessage(), "check its permissions");
    }
    return preview
        .warning("removed backups can't be brought back")
        .unknown("whether the newest verified one is still good: the run reads it first")
        .build();
  }

  private static void show(Retention.Decision decision, Look look, Preview.Builder preview) {
    var backup = decision.backup();
    var shown = shown(backup, look);
    decision
        .why()
        .ifPresentOrElse(
            why -> preview.fact("stays", shown + ": " + why),
            () ->
                preview.command(
                    "remove %s (taken %s, %s)"
                        .formatted(
                            shown, Amounts.time(backup.created()), Amounts.bytes(backup.size()))));
  }

  private static List<Retention.Decision> decisions(Input in, Look look) throws IOException {
    var target = look.target();
    var server = look.cluster().server().systemIdentifier();
    var all =
        new BackupFolder(target.backups())
            .backups().stream()
                .filter(backup -> backup.isOf(target.environment(), target.database(), server))
                .filter(backup -> isMeant(in, backup))
                .toList();
    var names = all.stream().map(StoredBackup::name).toList();
    var needed = new OtherRuns(target.project(), look.run().shown()).mentioned(names);
    needed.addAll(ofThisRun(look, names));
    return new Retention(
            in.keep().orElse(0), in.keepDays().orElse(0), coming(in, look), Instant.now(), needed)
        .over(all);
  }

  private static boolean isMeant(Input in, StoredBackup backup) {
    return in.label()
        .map(label -> backup.manifest().filter(it -> it.label().equals(label)).isPresent())
        .orElse(!backup.isWayBack());
  }

  /** What the steps before this one have made or are going to restore. */
  private static List<String> ofThisRun(Look look, List<String> names) {
    var held = look.held().toString();
    return names.stream().filter(held::contains).toList();
  }

  /** Backups that the plan's earlier steps will have made by then. */
  private static int coming(Input in, Look look) {
    return in.label().isPresent()
        ? 0
        : (int)
            look.held().stream()
                .filter(Claim.SafetyBackup.class::isInstance)
                .map(Claim.SafetyBackup.class::cast)
                .filter(claim -> claim.database().equals(look.target().database()))
                .filter(claim -> !BackupPath.of(look.target(), Path.of(claim.backup())).exists())
                .count();
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look)
      throws StepFailed, InterruptedException {
    if (earlier.isPresent()) {
      return earlier.get();
    }
    try {
      return new Intent(
          decisions(in, look).stream()
              .filter(Retention.Decision::goes)
              .map(decision -> shown(decision.backup(), look))
              .toList()
              .reversed());
    } catch (IOException e) {
      throw OnDatabase.failed("the backups folder can't be read", e);
    }
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    try {
      var staying =
          decisions(in, act).stream()
              .filter(now -> !now.goes() || !intent.files().contains(shown(now.backup(), act)))
              .map(Retention.Decision::backup)
              .toList();
      var needed = staying.stream().map(backup -> shown(backup, act)).toList();
      var going = intent.files().stream().filter(file -> !needed.contains(file)).toList();
      if (!going.isEmpty()) {
        readNewest(staying, act);
      }
      for (var file : going) {
        remove(BackupPath.of(act.target(), Path.of(file)));
        act.log().line("removed " + file);
      }
      return new Output(going, staying.size());
    } catch (IOException e) {
      throw OnDatabase.failed("old backups could not be removed", e);
    }
  }

  private static String shown(StoredBackup backup, Look look) {
    return BackupPath.of(look.target(), backup.path()).shown();
  }

  /**
   * Nothing goes unless the newest that stays was read from end to end now; where it is damaged
   * although its size is right, somebody has to know.
   */
  private static void readNewest(List<StoredBackup> staying, Act act) throws StepFailed {
    for (var backup : staying) {
      var shown = shown(backup, act);
      if (backup.doubt().isEmpty()) {
        act.progress().doing("reading " + shown);
        var read = Examiner.examine(backup.path(), act.archives(), act.progress()::bytes);
        if (read.isUsable()) {
          act.log().line("read and good: " + shown);
          return;
        }
        throw new StepFailed(
            shown + " is damaged, nothing was removed: " + read.problems().getFirst().what(),
            "take a backup now; 'backups --verify' reads the others, too");
      }
    }
    throw new StepFailed(
        "none of the backups that would stay was verified: nothing was removed",
        "'backups --verify' says what is wrong with each; take a backup first");
  }

  /** Under another name first: what is half removed must not look like a backup. */
  private static void remove(BackupPath backup) throws IOException {
    var part = part(backup.path());
    if (backup.exists()) {
      Files.move(backup.path(), part, StandardCopyOption.ATOMIC_MOVE);
    }
    Files.deleteIfExists(backup.manifest());
    Folders.delete(part);
  }

  private static Path part(Path path) {
    return path.resolveSibling(path.getFileName() + BackupFolder.PART);
  }

  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    var left = intent.files().stream().filter(file -> isThere(file, look)).toList();
    if (left.isEmpty()) {
      return new Observed.Done<>(new Output(intent.files(), 0));
    }
    var gone = intent.files().size() - left.size();
    return gone == 0
        ? new Observed.NotDone<>()
        : new Observed.Partly<>(gone + " of " + intent.files().size() + " backups are removed");
  }

  private static boolean isThere(String file, Look look) {
    var backup = BackupPath.of(look.target(), Path.of(file));
    return backup.exists()
        || Files.exists(part(backup.path()))
        || Files.exists(Manifests.beside(backup.path()));
  }
}
