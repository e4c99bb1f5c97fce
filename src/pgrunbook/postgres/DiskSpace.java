package pgrunbook.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** What the disk has left that a database is on; SQL has no word for it. */
public sealed interface DiskSpace {
  /** In bytes. */
  record Known(long free, long total) implements DiskSpace {}

  /**
   * Nobody here can tell.
   *
   * @param why with what may be tried instead
   */
  record Unknown(String why) implements DiskSpace {}

  /**
   * Of a server whose process is one of this machine's.
   *
   * @param folder of the tablespace; that of all the server's data where it is empty
   */
  static DiskSpace onMachine(Connection connection, String host, String user, Optional<Path> folder)
      throws SQLException {
    var server = ServerProcess.of(connection);
    if (!server.isHere()) {
      return new Unknown(
          "no process that this user sees here answers at "
              + host
              + ": it is on another machine, behind a tunnel or in a container; there: df -h"
              + server.folder().map(it -> " " + it).orElse(""));
    }
    var path = folder.or(server::folder);
    if (path.isEmpty()) {
      return new Unknown(
          "role "
              + user
              + " may not see where it is; as a superuser: GRANT pg_read_all_settings TO "
              + Identifiers.quote(user));
    }
    try {
      var store = Files.getFileStore(path.get());
      return new Known(store.getUsableSpace(), store.getTotalSpace());
    } catch (IOException _) {
      return new Unknown(path.get() + " is not open to this user; try: df -h");
    }
  }
}
