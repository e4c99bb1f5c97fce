package pgrunbook.compose;

import java.util.List;
import pgrunbook.postgres.Unreachable;
import pgrunbook.process.ChildCommand;

/** The inside of a container, where a server and its programs are. */
public interface Inside {
  /**
   * A program that runs there.
   *
   * @param options of <code>exec</code>, such as <code>--user</code>
   * @param shown those options that are worth showing
   */
  ChildCommand exec(List<String> options, List<String> shown, List<String> argv);

  /** A program that runs there with this process's terminal, for a person. */
  ChildCommand inTerminal(List<String> options, List<String> argv);

  /** Without options. */
  default ChildCommand exec(List<String> argv) {
    return exec(List.of(), List.of(), argv);
  }

  /**
   * The container, which runs now.
   *
   * @throws Unreachable where it does not, with the command that starts it
   */
  Container container() throws Unreachable;

  /** How messages name it: <code>service postgres of Compose project shop</code>. */
  String shown();
}
