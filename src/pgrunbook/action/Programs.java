package pgrunbook.action;

import java.util.List;
import pgrunbook.process.ChildCommand;

/** PostgreSQL's client programs, set up for the target and the step. */
public interface Programs {
  /**
   * A command that runs the program against one of the target's databases.
   *
   * @throws pgrunbook.text.Refused where the program is missing; the hint names the package
   */
  ChildCommand command(String program, String database, List<String> arguments);

  /** The program's major version. */
  int major(String program);
}
