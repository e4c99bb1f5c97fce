package pgrunbook.actions;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import pgrunbook.action.Act;
import pgrunbook.action.Action;
import pgrunbook.action.Claim;
import pgrunbook.action.Effect;
import pgrunbook.action.Elsewhere;
import pgrunbook.action.Kind;
import pgrunbook.action.Look;
import pgrunbook.action.Observed;
import pgrunbook.action.Preview;
import pgrunbook.action.StepFailed;
import pgrunbook.action.Target;
import pgrunbook.backup.BackupFolder;
import pgrunbook.backup.Examination;
import pgrunbook.backup.Examiner;
import pgrunbook.text.Closest;
import pgrunbook.text.Problem;
import pgrunbook.yaml.Default;
import pgrunbook.yaml.Doc;

/** Reads a whole backup, and says what restoring it here would mean, before anything is touched. */
public final class PostgresCheckBackup
    implements Action<
        PostgresCheckBackup.Input, PostgresCheckBackup.Intent, PostgresCheckBackup.Output> {
  private static final Kind<Input, Intent, Output> KIND =
      new Kind<>(
          "postgres.check_backup",
          1,
          "reads a whole backup and refuses what is damaged or does not fit the server",
          Input.class,
          Intent.class,
          Output.class);

  /** What this process has examined last, so that a plan and its run don't read it twice. */
  private final AtomicReference<Optional<Known>> known = new AtomicReference<>(Optional.empty());

  private record Known(BackupPath backup, Stamp stamp, Examination examination) {}

  /** What a runbook gives. */
  public record Input(
      @Doc("the file, from the project folder or in the backups folder; or latest")
          @Default("latest")
          String backup,
      @Doc("the environment whose backup it is; by default the runbook's own") Optional<String> of,
      @Doc("whether objects get their owners back; without, the roles need not exist")
          @Default("true")
          boolean owner,
      @Doc("whether GRANTs are restored") @Default("true") boolean privileges,
      @Doc("whether tables and indexes get their tablespaces back; by default as owner")
          Optional<Boolean> tablespaces) {}

  /** What is read. */
  public record Intent(String file, String sha256) {}

  /** What was read. */
  public record Output(String file, String sha256, String format, long size, Instant created) {}

  /** Which backup is meant, and how it was found; or why there is none. */
  private record Chosen(Optional<BackupPath> backup, String why, List<Problem> problems) {}

  @Override
  public Kind<Input, Intent, Output> kind() {
    return KIND;
  }

  @Override
  public Preview preview(Input in, Look look) {
    var preview = Preview.of(Effect.READ_ONLY);
    var chosen = choose(in.backup(), from(in, look));
    chosen.problems().forEach(preview::problem);
    if (chosen.backup().isEmpty()) {
      return preview.build();
    }
    var backup = chosen.backup().get();
    if (!chosen.why().isEmpty()) {
      preview.fact("latest", backup.shown() + ": " + chosen.why());
    }
    var examination = examine(backup, look);
    examination.problems().forEach(preview::problem);
    examination.notes().forEach(preview::warning);
    var digest = examination.digest();
    preview.command("read " + backup.shown() + " from end to end");
    preview.identity("sha256", digest).fact("size", examination.size());
    preview.foresees("file", backup.shown()).foresees("sha256", digest);
    examination
        .format()
        .ifPresent(format -> {
          preview.fact("format", format.shown()).foresees("format", shown(examination));
          new BackupFit(preview, look, backup, examination, in.owner(), in.privileges()).compare();
          new TablespaceFit(preview, look, examination)
              .compare(in.tablespaces().orElse(in.owner()));
          in.of().ifPresent(name -> preview.headline("it is a backup of " + name));
        });
    return preview.leaves(new Claim.BackupVerified(backup.shown(), digest)).build();
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look)
      throws StepFailed, InterruptedException {
    var foreseen = Optional.ofNullable(look.foreseen().get("file"));
    if (foreseen.isEmpty() && earlier.isPresent()) {
      return earlier.get();
    }
    var chosen = choose(foreseen.orElse(in.backup()), from(in, look));
    if (chosen.backup().isEmpty()) {
      throw failed(chosen.problems());
    }
    var backup = chosen.backup().get();
    var sha256 = Optional.ofNullable(look.foreseen().get("sha256"));
    return new Intent(backup.shown(), sha256.isPresent() ? sha256.get() : digest(backup));
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    var backup = BackupPath.find(act.target(), intent.file());
    act.progress().doing("reading " + backup.shown());
    if (!digest(backup).equals(intent.sha256())) {
      throw new StepFailed(
          "the backup " + backup.shown() + " changed since the plan",
          "somebody wrote to it or replaced it: plan again");
    }
    var examination = examine(backup, act);
    if (!examination.isUsable()) {
      throw failed(examination.problems());
    }
    examination.notes().forEach(act.log()::line);
    return new Output(
        backup.shown(),
        examination.digest(),
        shown(examination),
        examination.size(),
        examination.created());
  }

  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    return new Observed.NotDone<>();
  }

  private static StepFailed failed(List<Problem> problems) {
    var others = problems.size() - 1;
    var first = problems.getFirst();
    var more = others == 0 ? "" : " (and " + others + " more problems)";
    var where = first.at().isKnown() ? first.at() + ": " : "";
    return new StepFailed(where + first.what() + more, first.hint(), null);
  }

  private static String shown(Examination examination) {
    return examination
        .format()
        .map(format -> format.name().toLowerCase(java.util.Locale.ROOT))
        .orElse("");
  }

  /** From the files, unless they are untouched since this process has read them. */
  private String digest(BackupPath backup) throws StepFailed, InterruptedException {
    try {
      var untouched = known(backup);
      return untouched.isPresent() ? untouched.get().digest() : Examiner.digest(backup.path());
    } catch (IOException e) {
      throw OnDatabase.failed("the backup " + backup.shown() + " can't be read", e);
    }
  }

  private Examination examine(BackupPath backup, Look look) {
    try {
      return known(backup).orElseGet(() -> read(backup, look));
    } catch (IOException _) {
      return read(backup, look); // which says what is wrong
    }
  }

  private Optional<Examination> known(BackupPath backup) throws IOException {
    var last = known.get();
    return last.isPresent()
            && last.get().backup().equals(backup)
            && last.get().stamp().equals(Stamp.of(backup.path()))
        ? last.map(Known::examination)
        : Optional.empty();
  }

  private Examination read(BackupPath backup, Look look) {
    var before = stamp(backup);
    var examination = Examiner.examine(backup.path(), look.archives(), look.progress()::bytes);
    known.set(
        examination.format().isPresent()
            ? before.map(stamp -> new Known(backup, stamp, examination))
            : Optional.empty());
    return examination;
  }

  private static Optional<Stamp> stamp(BackupPath backup) {
    try {
      return Optional.of(Stamp.of(backup.path()));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /** Whose backups are meant; in a rehearsal, which has no others around, its own. */
  private static Target from(Input in, Look look) {
    return in.of()
        .filter(name -> !name.equals(look.target().environment()))
        .flatMap(look::elsewhere)
        .map(Elsewhere::target)
        .orElseGet(look::target);
  }

  private static Chosen choose(String written, Target target) {
    if (written.isBlank()) {
      var problem = Problem.of("the backup's name is empty", "name a file, or latest");
      return new Chosen(Optional.empty(), "", List.of(problem));
    }
    try {
      return written.equals("latest") ? latest(target) : named(written, target);
    } catch (IOException e) {
      var problem = Problem.of("the backups folder can't be read: " + e.getMessage());
      return new Chosen(Optional.empty(), "", List.of(problem));
    }
  }

  private static Chosen latest(Target target) throws IOException {
    var folder = BackupPath.of(target, target.backups()).shown();
    var lost = LatestBackup.lost(target);
    if (lost.isPresent()) {
      return new Chosen(Optional.empty(), "", List.of(lost.get()));
    }
    return LatestBackup.in(target)
        .map(choice -> new Chosen(Optional.of(choice.backup()), choice.why(), List.of()))
        .orElse(
            new Chosen(
                Optional.empty(),
                "",
                List.of(
                    Problem.of(
                        "there is no backup of " + target.environment() + " in " + folder,
                        LatestBackup.none(target)))));
  }

  private static Chosen named(String written, Target target) throws IOException {
    var backup = BackupPath.find(target, written);
    if (backup.exists()) {
      return new Chosen(Optional.of(backup), "", List.of());
    }
    var names = new ArrayList<>(new BackupFolder(target.backups()).names());
    var name = backup.path().getFileName().toString();
    var what = "there is no backup '" + written + "'";
    return new Chosen(Optional.empty(), "", List.of(Problem.of(what, Closest.hint(name, names))));
  }
}
