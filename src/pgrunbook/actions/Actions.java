package pgrunbook.actions;

import java.util.List;
import pgrunbook.action.Action;

/** All actions that come with pgrunbook. */
public final class Actions {
  private Actions() {}

  /** New ones each time: an action may remember what it has read in this process. */
  public static List<Action<?, ?, ?>> all() {
    return List.of(
        new PostgresCheckBackup(),
        new PostgresBackup(),
        new PostgresDiscardBackup(),
        new BackupsRetain(),
        new PostgresCreate(),
        new PostgresDropPrivate(),
        new PostgresRecreate(),
        new PostgresPutBack(),
        new PostgresRestore(),
        new PostgresVerify(),
        new PostgresPublish(),
        new PostgresUnpublish(),
        new PostgresDropOld(),
        new PostgresExtension(),
        new PostgresDropExtension(),
        new PostgresQuery(),
        new Sql(),
        new PostgresWait(),
        new PostgresEndSession(),
        new FlywayMigrate(),
        new FlywayUndo(),
        new FlywayStamp(),
        new FlywayValidate(),
        new FlywayCheckProven(),
        new ServiceStop(),
        new ServiceStart(),
        new ServiceRestart(),
        new MaintenanceOn(),
        new MaintenanceOff(),
        new Exec(),
        new ComposeExec(),
        new ComposeUp(),
        new ComposeDown());
  }
}
