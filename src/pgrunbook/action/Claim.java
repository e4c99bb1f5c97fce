package pgrunbook.action;

/**
 * Something that a step needs to be so, or leaves so, for others to rely on. Databases and files
 * are named as a plan shows them, so that what only a run can know can be compared too.
 */
public sealed interface Claim {
  /** The whole backup was read and found good. */
  record BackupVerified(String backup, String digest) implements Claim {}

  /** A backup of the database, made and read back by this run. */
  record SafetyBackup(String database, String backup) implements Claim {}

  /** The database that had the production name is kept, and known by its oid. */
  record OldKept(String database) implements Claim {}

  /** There is a way back to what the database held when the run began. */
  record WayBack(String database) implements Claim {}

  /** A private database is there and nothing is in it. */
  record DatabaseEmpty(String database) implements Claim {}

  /** The backup was restored into the database. */
  record Restored(String database) implements Claim {}

  /** The database's content was compared with its backup's. */
  record ContentVerified(String database) implements Claim {}

  /**
   * The run has taken something away that it must give back.
   *
   * @param what a sentence for <code>status</code>: <code>maintenance mode is on</code>
   */
  record Owes(String id, String what) implements Claim {}

  /** The run has given back what was owed under the id. */
  record Pays(String id) implements Claim {}

  /** How a message names it. */
  default String shown() {
    return switch (this) {
      case BackupVerified(var backup, var _) -> "the backup " + backup + " read and verified";
      case SafetyBackup(var database, var _) -> "a safety backup of " + database;
      case OldKept(var database) -> "the old database " + database + " kept";
      case WayBack(var database) ->
          "a way back for " + database + " (a postgres.backup of it in this run)";
      case DatabaseEmpty(var database) -> "an empty database " + database;
      case Restored(var database) -> "a backup restored into " + database;
      case ContentVerified(var database) -> "the content of " + database + " verified";
      case Owes(var _, var what) -> what;
      case Pays(var id) -> id + " given back";
    };
  }
}
