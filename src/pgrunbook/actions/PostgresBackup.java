package pgrunbook.actions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
import pgrunbook.backup.BackupFolder;
import pgrunbook.backup.Examination;
import pgrunbook.backup.Examiner;
import pgrunbook.backup.Format;
import pgrunbook.backup.Manifests;
import pgrunbook.expression.Late;
import pgrunbook.postgres.PostgresException;
import pgrunbook.text.Refused;
import pgrunbook.yaml.Default;
import pgrunbook.yaml.Doc;

/** Writes a backup of a database with its manifest, and reads it back. */
public final class PostgresBackup
    implements Action<PostgresBackup.Input, PostgresBackup.Intent, PostgresBackup.Output> {
  private static final Kind<Input, Intent, Output> KIND =
      new Kind<>(
          "postgres.backup",
          1,
          "writes a backup of a database with its manifest, and reads it back",
          Input.class,
          Intent.class,
          Output.class);

  /** What a runbook gives. */
  public record Input(
      @Doc(
              "what it is made for; it is part of the name, and pre-restore or pre-undo is never the"
                  + " latest")
          Optional<String> label,
      @Doc("custom, directory, plain or gzip") @Default("custom") Format format,
      @Doc(
              "none, gzip, lz4 or zstd, with a level as in gzip:6; by default the fastest that pg_dump"
                  + " knows: zstd:1, or gzip:1")
          Optional<String> compression,
      @Doc("the database; by default the environment's") Optional<Late<String>> database,
      @Doc("parallel jobs, for a directory") Optional<Integer> jobs,
      @Doc("how long to wait for a table that somebody has locked") @Default("30s")
          Duration lockWait) {
    public Input {
      if (label.isPresent() && !label.get().matches("[A-Za-z0-9][A-Za-z0-9-]{0,39}")) {
        throw new IllegalArgumentException("a label has letters, digits and hyphens only");
      }
      if (jobs.isPresent() && jobs.get() < 1) {
        throw new IllegalArgumentException("jobs must be 1 or more");
      }
      var _ = compression.map(written -> Compression.of(written, format));
    }
  }

  /**
   * What is going to be written.
   *
   * @param file the final name
   * @param part the name until it is known to be good
   * @param mark of the moment before the snapshot, see {@link WritesSince}
   * @param leftovers names of earlier attempts
   */
  public record Intent(String file, String part, String mark, List<String> leftovers) {
    public Intent {
      leftovers = List.copyOf(leftovers);
    }
  }

  /**
   * What was written.
   *
   * @param mark by which later steps see whether anything was written to the database since
   */
  public record Output(
      String file, String sha256, long size, String format, Instant takenAt, String mark) {}

  @Override
  public Kind<Input, Intent, Output> kind() {
    return KIND;
  }

  @Override
  public Preview preview(Input in, Look look) {
    var preview = Preview.of(Effect.MUTATING);
    var database = database(in, look).shown();
    var file = "‹steps." + look.run().step() + ".file›";
    var name = BackupPath.of(look.target(), BackupNames.of(in, look, database, "‹time›")).shown();
    preview.fact("file", name);
    try {
      preview.command(
          Dumping.command(
                  request(in, look, Path.of(name + BackupFolder.PART)),
                  "‹snapshot›",
                  look.programs())
              .shown(look.masking()));
      BackupRoom.clientMajor(preview, look);
    } catch (Refused e) {
      e.problems().forEach(preview::problem);
    } catch (PostgresException e) {
      preview.problem(e.problem());
    }
    preview.command("read " + name + BackupFolder.PART + " from end to end, then rename it");
    if (database(in, look) instanceof Late.Known<String>(var known)) {
      var request = request(in, look, Path.of(name));
      BackupRoom.look(known, Dumping.connections(request), preview, look);
    }
    return preview
        .leaves(new Claim.SafetyBackup(database, file))
        .leaves(new Claim.BackupVerified(file, ""))
        .build();
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look)
      throws StepFailed, InterruptedException {
    var database = database(in, look).get();
    var leftovers = new ArrayList<String>();
    earlier.ifPresent(intent -> {
      leftovers.addAll(intent.leftovers());
      leftovers.add(intent.file());
    });
    var path = BackupNames.free(in, look, database);
    var mark =
        OnDatabase.read(
            look.cluster(), database, connection -> WritesSince.mark(connection, database));
    var shown = BackupPath.of(look.target(), path).shown();
    return new Intent(
        shown,
        shown + BackupFolder.PART,
        mark.map(WritesSince.Mark::toString).orElse(""),
        leftovers);
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    var file = BackupPath.of(act.target(), Path.of(intent.file())).path();
    var part = BackupPath.of(act.target(), Path.of(intent.part())).path();
    try {
      for (var leftover : intent.leftovers()) {
        removeUnfinished(BackupPath.of(act.target(), Path.of(leftover)).path());
      }
      var examination =
          new BackupWriting(act, request(in, act, part), in.label().orElse(""), intent.mark(), file)
              .write();
      return output(examination, intent);
    } catch (StepFailed e) {
      var named = LockHolders.named(e, database(in, act).get(), act);
      throw BackupRoom.full(named, act.target().backups());
    } catch (IOException e) {
      var failed = OnDatabase.failed("the backup " + intent.file() + " could not be written", e);
      throw BackupRoom.full(failed, act.target().backups());
    }
  }

  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    var file = BackupPath.of(look.target(), Path.of(intent.file()));
    var part = BackupPath.of(look.target(), Path.of(intent.part()));
    if (file.exists() && Files.exists(file.manifest())) {
      var examination = Examiner.examine(file.path(), look.archives(), look.progress()::bytes);
      return examination.isUsable()
          ? new Observed.Done<>(output(examination, intent))
          : new Observed.Partly<>(
              intent.file() + " is not good: " + examination.problems().getFirst().what());
    }
    if (file.exists() || part.exists() || Files.exists(file.manifest())) {
      return new Observed.Partly<>("an unfinished file of " + intent.file() + " is there");
    }
    return new Observed.NotDone<>();
  }

  private static Output output(Examination examination, Intent intent) {
    return new Output(
        intent.file(),
        examination.digest(),
        examination.size(),
        examination.format().map(f -> f.name().toLowerCase(Locale.ROOT)).orElse(""),
        examination.created(),
        intent.mark());
  }

  /** Removes what an attempt has left; a backup with its manifest is one that was finished. */
  static void removeUnfinished(Path file) throws IOException {
    Folders.delete(file.resolveSibling(file.getFileName() + BackupFolder.PART));
    var manifest = Manifests.beside(file);
    if (!Files.exists(manifest)) {
      Folders.delete(file);
    } else if (!Files.exists(file)) {
      Files.delete(manifest);
    }
  }

  @Override
  public Optional<Call> undo(Input in, Look look) {
    return Optional.of(new Call("postgres.discard_backup", Map.of("file", "${step.intent.file}")));
  }

  private static Late<String> database(Input in, Look look) {
    return in.database().orElse(Late.known(look.target().database()));
  }

  private static Dumping.Request request(Input in, Look look, Path part) {
    var jobs = in.jobs().orElse(Math.min(Runtime.getRuntime().availableProcessors(), 4));
    var compression = in.compression().map(written -> Compression.of(written, in.format()));
    return new Dumping.Request(
        database(in, look).shown(), in.format(), compression, part, jobs, in.lockWait());
  }
}
