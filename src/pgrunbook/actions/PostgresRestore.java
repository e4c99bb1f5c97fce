package pgrunbook.actions;

import java.io.IOException;
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
import pgrunbook.backup.Format;
import pgrunbook.backup.Formats;
import pgrunbook.backup.Recognised;
import pgrunbook.expression.Late;
import pgrunbook.postgres.DatabaseFacts;
import pgrunbook.postgres.Names;
import pgrunbook.postgres.PostgresException;
import pgrunbook.text.Refused;
import pgrunbook.yaml.Default;
import pgrunbook.yaml.Doc;

/** Restores a verified backup into an empty private database. */
public final class PostgresRestore
    implements Action<PostgresRestore.Input, PostgresRestore.Intent, PostgresRestore.Output> {
  private static final Kind<Input, Intent, Output> KIND =
      new Kind<>(
          "postgres.restore",
          1,
          "restores a verified backup into an empty private database",
          Input.class,
          Intent.class,
          Output.class);

  private static final int MOST_JOBS = 4;

  /** What a runbook gives. */
  public record Input(
      @Doc("the backup, as postgres.check_backup yields it") Late<String> backup,
      @Doc("the empty database, as postgres.recreate or postgres.create yields it")
          Late<String> database,
      @Doc("whether objects get their owners back") @Default("true") boolean owner,
      @Doc("whether GRANTs are restored") @Default("true") boolean privileges,
      @Doc("whether tables and indexes get their tablespaces back; by default as owner")
          Optional<Boolean> tablespaces,
      @Doc(
              "parallel jobs for an archive; by default as many as processors, 4 at most; 1 is one"
                  + " transaction")
          Optional<Integer> jobs,
      @Doc("whether to ANALYZE afterwards") @Default("true") boolean analyze) {
    public Input {
      if (jobs.isPresent() && jobs.get() < 1) {
        throw new IllegalArgumentException("jobs must be 1 or more");
      }
    }
  }

  /**
   * What is going to be restored.
   *
   * @param sha256 the digest the backup must have
   * @param oid of the database
   * @param again whether an earlier attempt may have left something in the database
   */
  public record Intent(String backup, String sha256, String database, long oid, boolean again) {}

  /**
   * How it went.
   *
   * @param secondsRead to see that the backup is still the one that was verified
   * @param secondsRestore of pg_restore or psql alone
   * @param bytes the size of the database afterwards
   */
  public record Output(
      String database,
      double secondsRead,
      double secondsRestore,
      double secondsAnalyze,
      long bytes) {}

  @Override
  public Kind<Input, Intent, Output> kind() {
    return KIND;
  }

  @Override
  public Preview preview(Input in, Look look) {
    var preview = Preview.of(Effect.MUTATING);
    var database = in.database().shown();
    var backup = BackupPath.shown(look.target(), in.backup());
    if (in.database() instanceof Late.Known<String>(var name)) {
      known(name, preview, look);
    }
    try {
      commands(in, look, preview);
    } catch (Refused e) {
      e.problems().forEach(preview::problem);
    } catch (PostgresException e) {
      preview.problem(e.problem());
    }
    if (in.analyze()) {
      preview.command("in " + database + ": ANALYZE");
    }
    return preview
        .needs(new Claim.BackupVerified(backup, ""))
        .needs(new Claim.DatabaseEmpty(database))
        .leaves(new Claim.Restored(database))
        .build();
  }

  private static void known(String name, Preview.Builder preview, Look look) {
    if (name.equals(look.target().database())) {
      preview.problem(
          "a backup is never restored into '" + name + "' itself",
          "use ${steps.<id>.database} of a step postgres.recreate or postgres.create");
    }
    Names.check(name).ifPresent(preview::problem);
  }

  private static void commands(Input in, Look look, Preview.Builder preview) {
    var backup =
        in.backup() instanceof Late.Known<String>(var written)
            ? BackupPath.find(look.target(), written)
            : new BackupPath(java.nio.file.Path.of(in.backup().shown()), in.backup().shown());
    var request = request(in, backup, "", in.database().shown());
    if (in.backup() instanceof Late.Pending<String>) {
      command(Format.CUSTOM, request, look, preview);
      preview.unknown("the format of " + backup.shown() + ": a plain dump is restored by psql");
      return;
    }
    switch (Formats.recognise(backup.path())) {
      case Recognised.Unusable(_, var problem) -> preview.problem(problem);
      case Recognised.Backup(_, var format) -> command(format, request, look, preview);
    }
  }

  private static void command(
      Format format, Restoring.Request request, Look look, Preview.Builder preview) {
    var superuser = look.cluster().server().superuser();
    var road = Road.of(format, request, look.programs());
    var command = road.command(request, superuser, look.programs());
    var parallel = road == Road.ARCHIVE && request.jobs() > 1;
    look.cluster()
        .database(look.target().database())
        .ifPresent(like ->
            new Rights(look, preview)
                .connections(like, parallel ? request.jobs() + 1 : 1, "restoring"));
    if (road == Road.SENT_ARCHIVE && !request.privileges() && request.backup().exists()) {
      try {
        LeftOutPolicies.unsendable(request.backup(), look).ifPresent(preview::problem);
      } catch (IOException e) {
        preview.unknown("which policies would be left out: " + e.getMessage());
      }
    }
    var fed = road.shownInput(request);
    preview.command(command.shown(look.masking()) + fed);
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look)
      throws StepFailed, InterruptedException {
    var backup = BackupPath.find(look.target(), in.backup().get());
    var name = in.database().get();
    if (name.equals(look.target().database())) {
      throw new StepFailed(
          "a backup is never restored into '" + name + "' itself",
          "use the database that postgres.recreate or postgres.create makes");
    }
    try {
      var database = look.cluster().database(name);
      if (database.isEmpty() && earlier.isEmpty()) {
        throw new StepFailed("there is no database '" + name + "'", "postgres.create makes one");
      }
      if (earlier.isEmpty() && (isClosed(database.get()) || objects(name, look) != 0)) {
        throw notEmpty(name);
      }
      return new Intent(
          backup.shown(),
          verified(backup, look),
          name,
          database.map(facts -> facts.oid()).orElse(0L),
          earlier.isPresent());
    } catch (PostgresException e) {
      throw OnDatabase.failed(e);
    }
  }

  /** What the step that verified the backup saw; a backup of this run has its manifest. */
  private static String verified(BackupPath backup, Look look) throws StepFailed {
    return look.held().stream()
        .filter(Claim.BackupVerified.class::isInstance)
        .map(Claim.BackupVerified.class::cast)
        .filter(claim -> claim.backup().equals(backup.shown()) && !claim.digest().isEmpty())
        .map(Claim.BackupVerified::digest)
        .reduce((_, last) -> last)
        .or(() -> Restoring.digestInManifest(backup))
        .orElseThrow(() ->
            new StepFailed(
                "nobody verified the backup " + backup.shown(),
                "add a step postgres.check_backup before"));
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    var backup = BackupPath.of(act.target(), java.nio.file.Path.of(intent.backup()));
    if (isOpen(intent, act) && objects(intent.database(), act) == 0) {
      act.log().line(intent.database() + " is empty");
    } else if (intent.again()) {
      new PrivateDatabase(intent.database(), act).makeAnew();
    } else {
      throw notEmpty(intent.database());
    }
    var request = request(in, backup, intent.sha256(), intent.database());
    var restored = Restoring.restore(request, act);
    return new Output(
        intent.database(),
        Amounts.seconds(restored.read()),
        Amounts.seconds(restored.restore()),
        Amounts.seconds(restored.analyze()),
        restored.bytes());
  }

  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    try {
      var database = look.cluster().database(intent.database());
      if (database.isEmpty()) {
        return new Observed.Partly<>("the database " + intent.database() + " is missing");
      } else if (isClosed(database.get())) {
        return new Observed.Partly<>(intent.database() + " is closed, to be made anew");
      }
      var objects = objects(intent.database(), look);
      return objects == 0
          ? new Observed.NotDone<>()
          : new Observed.Partly<>(
              intent.database() + " holds " + objects + " objects of an unfinished restore");
    } catch (StepFailed e) {
      return new Observed.Unknown<>(String.valueOf(e.getMessage()));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Observed.Unknown<>("interrupted while looking");
    }
  }

  private static StepFailed notEmpty(String name) {
    return new StepFailed(
        "the database '" + name + "' is not empty",
        "restore into a database that postgres.recreate or postgres.create has made");
  }

  private static boolean isOpen(Intent intent, Look look) {
    return look.cluster().database(intent.database()).filter(it -> !isClosed(it)).isPresent();
  }

  private static boolean isClosed(DatabaseFacts database) {
    return database.invalid() || !database.allowConnections();
  }

  private static long objects(String database, Look look) throws StepFailed, InterruptedException {
    return OnDatabase.read(look.cluster(), database, Contents::objects);
  }

  private static Restoring.Request request(
      Input in, BackupPath backup, String sha256, String database) {
    var processors = Math.min(Runtime.getRuntime().availableProcessors(), MOST_JOBS);
    return new Restoring.Request(
        backup,
        sha256,
        database,
        in.owner(),
        in.privileges(),
        in.tablespaces().orElse(in.owner()),
        in.jobs().orElse(processors),
        in.analyze());
  }
}
