package pgrunbook.diagnosis;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import pgrunbook.compose.ComposeProject;

/**
 * Who gets in inside the container, by the server's socket, without a password. The official image
 * lets everybody in there who may start a program in it, unless it was made with <code>--auth-local
 * </code>.
 *
 * @param superuser whether that role may do everything
 * @param other what that role could find out about the one that does not get in
 */
record SocketEntry(String role, boolean superuser, Standing other) {
  private static final Duration PATIENCE = Duration.ofSeconds(8);
  private static final String QUESTION =
      """
      SELECT coalesce((SELECT CASE WHEN rolvaliduntil < now() THEN 'expired' ELSE 'there' END
                         FROM pg_roles WHERE rolname = :'other'), 'missing'), rolsuper, rolname
        FROM pg_roles WHERE rolname = current_user
      """;
  private static final String SCRIPT =
      """
      for role in "${POSTGRES_USER:-}" postgres "$1"; do
        [ -z "$role" ] && continue
        printf '%s' "$3" | psql -wXAtq -v "other=$1" -p "$2" -U "$role" -d postgres && exit
      done
      """;

  /** What is known of a role. */
  enum Standing {
    THERE,
    EXPIRED,
    MISSING
  }

  static Optional<SocketEntry> find(ComposeProject project, String role, int port) {
    var words = List.of("sh", "-c", SCRIPT, "sh", role, Integer.toString(port), QUESTION);
    try {
      var command = project.postgres().exec(words);
      return Within.run(PATIENCE, () -> project.docker().lines(command)).stream()
          .map(line -> line.split("\\|", 3))
          .filter(fields -> fields.length == 3)
          .map(it -> new SocketEntry(it[2], it[1].equals("t"), standing(it[0])))
          .findFirst();
    } catch (TimeoutException | RuntimeException _) {
      return Optional.empty();
    }
  }

  private static Standing standing(String word) {
    return Standing.valueOf(word.toUpperCase(Locale.ROOT));
  }
}
