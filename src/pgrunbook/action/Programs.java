package pgrunbook.action;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import pgrunbook.process.ChildCommand;

/** PostgreSQL's client programs, set up for the target and the step. */
public interface Programs {
  /**
   * A command that runs the program against one of the target's databases.
   *
   * @throws pgrunbook.text.Refused where the program is missing; the hint names the package
   */
  ChildCommand command(String program, String database, List<String> arguments);

  /** A file or folder as the programs see it; empty where they can't, and have to be sent it. */
  Optional<String> seen(Path file);

  /** The same where they are to write it; one that is not there yet is found by its folder. */
  Optional<String> seenToWrite(Path file);

  /** The program's major version. */
  int major(String program);
}
