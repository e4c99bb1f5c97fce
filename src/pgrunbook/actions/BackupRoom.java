package pgrunbook.actions;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import pgrunbook.action.Look;
import pgrunbook.action.Preview;
import pgrunbook.action.StepFailed;

/** Whether a backup can be written: the program, the folder, and the room in it. */
final class BackupRoom {
  private BackupRoom() {}

  static void clientMajor(Preview.Builder preview, Look look) {
    var major = look.programs().major("pg_dump");
    var server = look.cluster().server().major();
    if (major < server) {
      preview.problem(
          "pg_dump " + major + " is older than the server, " + server,
          "install the client programs of PostgreSQL " + server);
    } else if (major > server) {
      preview.warning(
          "pg_dump "
              + major
              + " is newer than the server, "
              + server
              + ": what it writes can't be restored into that server without errors");
    }
  }

  static void look(String database, int connections, Preview.Builder preview, Look look) {
    var facts = look.cluster().database(database);
    if (facts.isEmpty()) {
      preview.problem(
          "there is no database '" + database + "'", "check database in the environment file");
      return;
    }
    preview.identity("database oid", facts.get().oid());
    if (!facts.get().allowConnections() || facts.get().invalid()) {
      preview.problem(
          database + " accepts no connections",
          facts.get().invalid()
              ? "it is what an interrupted DROP DATABASE has left: DROP DATABASE it"
              : Private.allowConnections(database, true));
    }
    facts
        .get()
        .sortedByOtherRules()
        .ifPresent(what ->
            preview.warning(what + "; mend: " + String.join("; ", facts.get().sortAgain())));
    var rights = new Rights(look, preview);
    rights.connections(facts.get(), connections, "a backup");
    rights.reading(facts.get());
    var folder = look.target().backups();
    if (!Folders.canWrite(folder)) {
      preview.problem(folder + " can't be written", "check its owner and permissions");
    }
    var bytes = facts.get().bytes();
    if (bytes.isEmpty()) {
      preview.unknown("the size of " + database + ": this role may not ask");
      return;
    }
    try {
      var free = Folders.usable(folder);
      var what =
          "%s has %s free, and %s holds %s"
              .formatted(folder, Amounts.bytes(free), database, Amounts.bytes(bytes.get()));
      preview.fact("database size", bytes.get()).fact("free", free);
      if (free < bytes.get() / 2) {
        preview.problem(what, "free some space, or give another folder under backups");
      } else if (free < bytes.get()) {
        preview.warning(what);
      }
    } catch (IOException e) {
      preview.unknown("free space of " + folder + ": " + e.getMessage());
    }
  }

  /** A failure for want of room names the folder that wants it, and what that has. */
  static StepFailed full(StepFailed failed, Path folder) {
    if (!failed.hint().equals(Optional.of(Hints.FULL))) {
      return failed;
    }
    var hint = "make room there, or give another folder under backups";
    try {
      var free = Amounts.bytes(Folders.usable(folder));
      var what = "; without the unfinished file, which is removed, " + folder + " has " + free;
      return new StepFailed(failed.getMessage() + what + " free", Optional.of(hint), failed);
    } catch (IOException e) {
      return new StepFailed(failed.getMessage() + ", in " + folder, Optional.of(hint), failed);
    }
  }
}
