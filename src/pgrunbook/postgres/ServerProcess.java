package pgrunbook.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The process behind a connection, which knows what its host's name does not tell: behind localhost
 * may be a tunnel, or a container.
 *
 * @param clientPort the port that the connection comes from, as the server sees it
 * @param started the server's start, in seconds since 1970
 * @param folder its data directory, where the role may see it
 */
public record ServerProcess(
    long pid, int clientPort, long started, int port, Optional<Path> folder) {
  private static final String QUESTION =
      """
      SELECT pg_backend_pid(), coalesce(inet_client_port(), -1),
             floor(extract(epoch FROM pg_postmaster_start_time()))::bigint,
             current_setting('port')::int,
             CASE WHEN pg_has_role('pg_read_all_settings', 'USAGE')
                  THEN current_setting('data_directory', true) END
      """;

  /** Lines of postmaster.pid, from 0 (pidfile.h). */
  private static final int STARTED = 2;

  private static final int PORT = 3;

  /** That of a connection. */
  public static ServerProcess of(Connection connection) throws SQLException {
    return Rows.first(connection, QUESTION, ServerProcess::of).orElseThrow();
  }

  private static ServerProcess of(ResultSet row) throws SQLException {
    return new ServerProcess(
        row.getLong(1),
        row.getInt(2),
        row.getLong(3),
        row.getInt(4),
        Optional.ofNullable(row.getString(5)).map(Path::of));
  }

  /** Whether it is sure that the server is one of this machine's. */
  public boolean isHere() {
    return hasTitle() || folder.filter(this::hasPidFile).isPresent();
  }

  /** Such as <code>postgres: shop shop 127.0.0.1(43210) SELECT</code>; Linux shows it to all. */
  private boolean hasTitle() {
    try {
      var title =
          Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1);
      return title.startsWith("postgres:") && title.contains("(" + clientPort + ")");
    } catch (IOException _) {
      return false;
    }
  }

  /** Where titles are switched off, or another system has none: open to the server's own user. */
  private boolean hasPidFile(Path data) {
    try {
      var lines = Files.readAllLines(data.resolve("postmaster.pid"), StandardCharsets.ISO_8859_1);
      return lines.size() > PORT
          && lines.get(PORT).strip().equals(Integer.toString(port))
          && Math.abs(Long.parseLong(lines.get(STARTED).strip()) - started) <= 1;
    } catch (IOException | NumberFormatException _) {
      return false;
    }
  }
}
