package pgrunbook.postgres;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pgrunbook.process.ChildCommand;
import pgrunbook.process.Processes;
import pgrunbook.text.Problem;

/** PostgreSQL's own programs, and how they are called. */
public interface Tools {
  /** The major version that a program has; empty where there is no such program. */
  Optional<Integer> major(String program);

  /**
   * A program at work on a database, with the same road, role and password that JDBC takes, with no
   * time-outs, never asking for a password, and with none of the PG variables of this process.
   *
   * @param application its application_name
   * @throws PostgresException where there is no such program
   */
  ChildCommand command(
      String program, Connector connector, String database, String application, List<String> args);

  /** The same for a person: where the program runs somewhere else, it has this terminal there. */
  default ChildCommand inTerminal(
      String program, Connector connector, String database, String application, List<String> args) {
    return command(program, connector, database, application, args);
  }

  /** A program that talks to no server, such as pg_restore that lists an archive. */
  ChildCommand offline(String program, List<String> args);

  /** A file or folder as the programs see it; empty where they can't, and have to be sent it. */
  default Optional<String> seen(Path file) {
    return Optional.of(file.toString());
  }

  /** The same where they are to write it; one that is not there yet is found by its folder. */
  default Optional<String> seenToWrite(Path file) {
    return seen(file);
  }

  /** Arguments for a program that talks to a server, which never asks for a password. */
  static List<String> arguments(String program, String database, List<String> args) {
    var all = new ArrayList<>(List.of("--no-password"));
    if (program.equals("pg_restore")) {
      // reads PGDATABASE never, and takes a name with '=' or '://' for a connection string
      all.add("--dbname=dbname=" + Literals.connectionValue(database));
    }
    all.addAll(args);
    return all;
  }

  /** What is wrong with using that program for a server of that version, if anything is. */
  default Optional<Problem> problem(String program, int serverMajor) {
    return major(program)
        .map(major ->
            major >= serverMajor
                ? Optional.<Problem>empty()
                : Optional.of(
                    Problem.of(
                        program + " " + major + " is older than the server, " + serverMajor,
                        Packages.hint(serverMajor, false))))
        .orElseGet(() -> Optional.of(Packages.missing(program, Optional.of(serverMajor))));
  }

  /**
   * Looks for the programs in PGRUNBOOK_PG_BIN, in PATH, and where packages put them; those of the
   * server's version are preferred, then newer ones.
   */
  static Tools find(
      Map<String, String> environment, Optional<Integer> serverMajor, Processes processes) {
    return new LocalTools(
        environment, serverMajor, BinFolder.all(environment, processes, serverMajor));
  }
}
