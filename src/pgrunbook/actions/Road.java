package pgrunbook.actions;

import java.util.ArrayList;
import java.util.List;
import pgrunbook.action.Programs;
import pgrunbook.backup.Format;
import pgrunbook.process.ChildCommand;
import pgrunbook.text.Refused;

/** How a backup gets to the server. */
enum Road {
  /** psql reads the file, faster than it reads a pipe; its standard input is for COMMIT. */
  FILE,
  /** psql reads what it is sent. */
  PIPE,
  /** pg_restore reads the archive. */
  ARCHIVE,
  /** pg_restore reads the archive as it is sent, in one piece. */
  SENT_ARCHIVE;

  /**
   * The fastest that there is.
   *
   * @throws Refused where there is none
   */
  static Road of(Format format, Restoring.Request request, Programs programs) {
    var seen = programs.seen(request.backup().path()).isPresent();
    return switch (format) {
      case PLAIN -> seen && request.whole() ? FILE : PIPE;
      case GZIP -> PIPE;
      case CUSTOM -> seen ? ARCHIVE : SENT_ARCHIVE;
      case DIRECTORY -> {
        if (!seen) {
          throw unseen(request, "a folder can't be sent to it");
        }
        yield ARCHIVE;
      }
    };
  }

  /** What standard input brings, as a plan shows it. */
  String shownInput(Restoring.Request request) {
    return switch (this) {
      case FILE -> " < COMMIT;";
      case PIPE -> " < BEGIN; " + request.backup().shown() + without(request) + " COMMIT;";
      case ARCHIVE -> "";
      case SENT_ARCHIVE -> " < " + request.backup().shown();
    };
  }

  private static String without(Restoring.Request request) {
    var gone = new ArrayList<String>();
    if (!request.owner()) {
      gone.add("owners");
    }
    if (!request.privileges()) {
      gone.add("privileges");
    }
    if (!request.tablespaces()) {
      gone.add("tablespaces");
    }
    return gone.isEmpty() ? "" : " (without " + String.join(", ", gone) + ")";
  }

  /** Whether pg_restore is told by a list what to restore. */
  static boolean isListed(Restoring.Request request, boolean superuser) {
    return !superuser || !request.privileges();
  }

  private static Refused unseen(Restoring.Request request, String why) {
    return new Refused(
        "pg_restore runs in a container, which does not see "
            + request.backup().shown()
            + ": "
            + why,
        "put the backup into a folder that the container has mounted, such as ./backups:/backups");
  }

  private static String place(Restoring.Request request, Programs programs) {
    return programs
        .seen(request.backup().path())
        .orElseThrow(() -> unseen(request, "any more, or Docker did not answer"));
  }

  /**
   * The command, as a plan shows it and as it is run.
   *
   * @throws Refused where it can't be run so
   */
  ChildCommand command(Restoring.Request request, boolean superuser, Programs programs) {
    if (this == FILE || this == PIPE) {
      var arguments = new ArrayList<>(List.of("-X", "-q", "-v", "ON_ERROR_STOP=1"));
      if (this == FILE) {
        arguments.addAll(List.of("-c", "BEGIN", "-f", place(request, programs)));
        arguments.addAll(List.of("-c", "\\echo " + CommitAtEnd.MARK));
      }
      arguments.addAll(List.of("-f", "-"));
      return programs.command("psql", request.database(), arguments);
    }
    var arguments = new ArrayList<>(List.of("--exit-on-error"));
    var whole = this == SENT_ARCHIVE || request.jobs() == 1;
    arguments.add(whole ? "--single-transaction" : "--jobs=" + request.jobs());
    if (!request.owner()) {
      arguments.add("--no-owner");
    }
    if (!request.privileges()) {
      arguments.add("--no-privileges");
    }
    if (!request.tablespaces()) {
      arguments.add("--no-tablespaces");
    }
    if (this == SENT_ARCHIVE && !superuser) {
      throw unseen(request, "for a role that is no superuser it has to read it twice");
    }
    if (this == ARCHIVE && isListed(request, superuser)) {
      arguments.add("--use-list=/dev/stdin");
    }
    if (this == ARCHIVE) {
      arguments.add(place(request, programs));
    }
    return programs.command("pg_restore", request.database(), arguments);
  }
}
