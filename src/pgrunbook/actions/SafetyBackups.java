package pgrunbook.actions;

import java.util.List;
import java.util.Optional;
import pgrunbook.action.Act;
import pgrunbook.action.Claim;
import pgrunbook.action.Look;
import pgrunbook.action.StepFailed;
import pgrunbook.actions.WritesSince.Answer;
import pgrunbook.postgres.DatabaseFacts;

/** The backup that this run has made of a database before taking it away. */
final class SafetyBackups {
  private static final int JOBS = 2;

  private SafetyBackups() {}

  private static Optional<BackupPath> of(String database, Look look) {
    return look.held().stream()
        .filter(Claim.SafetyBackup.class::isInstance)
        .map(Claim.SafetyBackup.class::cast)
        .filter(claim -> claim.database().equals(database))
        .reduce((_, last) -> last)
        .map(claim -> BackupPath.find(look.target(), claim.backup()));
  }

  /**
   * Refuses where anything may have been written to a database since its safety backup. Has to be
   * asked when nobody can connect to it any more.
   */
  static void refuseWritesSince(String database, Act act) throws StepFailed, InterruptedException {
    var backup = of(database, act);
    var answer =
        backup.isPresent()
            ? WritesSince.sinceBackupOfClosed(backup.get().path(), database, act)
            : new Answer.Something("this run has no safety backup of it");
    switch (answer) {
      case Answer.Nothing(var how) -> act.log().line("nothing written since the backup: " + how);
      case Answer.Something(var what) ->
          throw new StepFailed(
              database + " may have been written to since its safety backup: " + what,
              "'rollback', find out who writes, and run again; or set keep_old: true");
    }
  }

  /**
   * What was, or may have been, written to a database since its safety backup, as far as the
   * server's counters tell; empty where nothing was, or where there is no such backup.
   */
  static Optional<String> writesSince(String database, Act act)
      throws StepFailed, InterruptedException {
    var backup = of(database, act);
    if (backup.isEmpty()) {
      return Optional.empty();
    }
    return switch (WritesSince.byCounters(backup.get().path(), database, act)) {
      case Answer.Nothing _ -> Optional.empty();
      case Answer.Something(var what) -> Optional.of(what);
    };
  }

  /**
   * A safety backup that is there.
   *
   * @param digest what the file must have, as its manifest says
   */
  record Safety(BackupPath backup, String digest) {
    /** Restores it into an empty database, and compares both. */
    void restore(String into, Act act) throws StepFailed, InterruptedException {
      var limit = act.cluster().database(into).map(DatabaseFacts::connectionLimit).orElse(-1);
      var jobs = limit < 0 || limit > JOBS ? JOBS : 1;
      var request = new Restoring.Request(backup, digest, into, true, true, true, jobs, true);
      Restoring.restore(request, act);
      verify(into, act);
    }

    /** Fails where the database does not hold what it holds. */
    void verify(String database, Act act) throws StepFailed, InterruptedException {
      Verifying.verify(new Verifying.Request(backup, database, true, true, List.of()), act);
    }
  }

  /** Whether this run has made one that is still there. */
  static boolean isThere(String database, Look look) {
    try {
      find(database, look);
      return true;
    } catch (StepFailed _) {
      return false;
    }
  }

  /** The safety backup of a database, or a failure that says that there is none. */
  static Safety find(String database, Look look) throws StepFailed {
    var backup =
        of(database, look)
            .orElseThrow(() ->
                new StepFailed(
                    "this run has no safety backup of " + database,
                    "there is no way back but an older backup"));
    if (!backup.exists()) {
      throw new StepFailed(
          "the safety backup " + backup.shown() + " is gone", "put it back where it was");
    }
    var digest =
        Restoring.digestInManifest(backup)
            .orElseThrow(() ->
                new StepFailed(
                    "the manifest of " + backup.shown() + " is missing",
                    "without it nobody knows whether the backup is whole"));
    return new Safety(backup, digest);
  }
}
