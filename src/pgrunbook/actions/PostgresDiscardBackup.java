package pgrunbook.actions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import pgrunbook.action.Act;
import pgrunbook.action.Action;
import pgrunbook.action.Effect;
import pgrunbook.action.Kind;
import pgrunbook.action.Look;
import pgrunbook.action.Observed;
import pgrunbook.action.Preview;
import pgrunbook.action.StepFailed;
import pgrunbook.backup.BackupFolder;
import pgrunbook.backup.Manifests;
import pgrunbook.expression.Late;
import pgrunbook.yaml.Doc;

/**
 * <code>postgres.discard_backup</code>: removes what an unfinished <code>postgres.backup</code> has
 * left. A backup that was finished is kept: nobody ever wanted one less.
 */
final class PostgresDiscardBackup
    implements Action<
        PostgresDiscardBackup.Input, PostgresDiscardBackup.Intent, PostgresDiscardBackup.Output> {
  record Input(@Doc("name that the backup was to have") Late<String> file) {}

  record Intent(String file) {}

  record Output(boolean kept) {}

  @Override
  public Kind<Input, Intent, Output> kind() {
    return new Kind<>(
        "postgres.discard_backup",
        1,
        "removes what an unfinished backup has left, and keeps a finished one",
        Input.class,
        Intent.class,
        Output.class);
  }

  @Override
  public Preview preview(Input in, Look look) {
    var file = in.file().shown();
    return Preview.of(Effect.MUTATING)
        .command("remove " + file + BackupFolder.PART)
        .command("remove " + file + " where it has no manifest")
        .build();
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look) {
    return new Intent(in.file().get());
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    try {
      PostgresBackup.removeUnfinished(path(intent, act));
    } catch (IOException e) {
      throw OnDatabase.failed("the unfinished " + intent.file() + " could not be removed", e);
    }
    return new Output(Files.exists(path(intent, act)));
  }

  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    var file = path(intent, look);
    var part = file.resolveSibling(file.getFileName() + BackupFolder.PART);
    var whole = Files.exists(file) && Files.exists(Manifests.beside(file));
    return Files.exists(part) || (Files.exists(file) && !whole)
        ? new Observed.NotDone<>()
        : new Observed.Done<>(new Output(whole));
  }

  private static Path path(Intent intent, Look look) {
    return BackupPath.of(look.target(), Path.of(intent.file())).path();
  }
}
