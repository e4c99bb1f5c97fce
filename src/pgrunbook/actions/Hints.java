package pgrunbook.actions;

import java.util.List;
import java.util.Optional;
import pgrunbook.process.Finished;

/** What to try where a dump or a restore failed, by the words of PostgreSQL's own message. */
final class Hints {
  /** Where this program, or a client program, writes to a full disk. */
  static final String FULL = "free disk space, or choose another folder";

  /** Where somebody else keeps a table to himself. */
  static final String LOCKED = "end what holds the lock, see pg_locks, or raise lock_wait";

  private static final String SERVER_FULL = "free some space on the server's disk";

  /** A message's words, and the hint. The first that fits is taken. */
  private record Known(String words, String hint) {}

  private static final String LOST = "look into the server's log, then try again";

  private static final String EMPTY_PATH =
      "dumps are written and restored with an empty search_path: let the function behind a CHECK, an"
          + " index or a view name its schemas, or ALTER FUNCTION … SET search_path at the source";

  private static final List<Known> KNOWN =
      List.of(
          new Known(
              "could not resize shared memory segment",
              "give the container more shared memory, shm_size: 1g in the Compose file"),
          new Known("could not extend file", SERVER_FULL),
          new Known("could not write to file", SERVER_FULL),
          new Known("No space left on device", FULL),
          new Known("terminating connection", LOST),
          new Known("server closed the connection", LOST),
          new Known("connection to server was lost", LOST),
          new Known("could not receive data from server", LOST),
          new Known("too many clients already", "end idle sessions, or raise max_connections"),
          new Known("remaining connection slots", "end idle sessions, or raise max_connections"),
          new Known("the database system is", "wait until the server has started, then try again"),
          new Known(
              "unrecognized configuration parameter", "use client programs of the server's major"),
          new Known(
              "unsupported version (", "use the pg_restore of the pg_dump that wrote the archive"),
          new Known("server version mismatch", "use client programs of the server's major"),
          new Known("invalid command \\restrict", "install the latest minor release of psql"),
          new Known(
              "permission denied to create extension",
              "restore as a superuser, or let the extension's control file say trusted = true"),
          new Known("extension control file", "install the extension's package on the server"),
          new Known("is not available", "install the extension's package on the server"),
          new Known("must be owner of extension", "restore as a superuser"),
          new Known("relation \"", EMPTY_PATH),
          new Known("No function matches the given name", EMPTY_PATH),
          new Known("role \"", "create the role, or set owner: false and privileges: false"),
          new Known("due to lock timeout", LOCKED),
          new Known("in a read-only transaction", "the server is a standby or set to read-only"),
          new Known(
              "row-level security", "use a superuser or a role with BYPASSRLS: it hides rows"),
          new Known("permission denied", "use a role that may read everything in the database"));

  private Hints() {}

  static Optional<String> of(String text) {
    return KNOWN.stream()
        .filter(known -> text.contains(known.words()))
        .map(Known::hint)
        .findFirst();
  }

  static Optional<String> of(List<String> lines) {
    return of(String.join("\n", lines));
  }

  /** With the line that says why: a program's last one may only say that it gives up. */
  static String why(Finished finished) {
    return finished.errorTail().stream()
        .filter(line -> !finished.timedOut() && of(line).isPresent())
        .findFirst()
        .map(line -> "exit code " + finished.exit() + ": " + line)
        .orElseGet(finished::why);
  }
}
