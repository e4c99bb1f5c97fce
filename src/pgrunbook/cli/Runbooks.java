package pgrunbook.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import pgrunbook.action.Action;
import pgrunbook.action.Registry;
import pgrunbook.actions.Actions;
import pgrunbook.journal.Journal;

/** Where every launcher enters. */
public final class Runbooks {
  private Runbooks() {}

  /**
   * Runs the program and returns its exit code.
   *
   * @param more actions of a launcher's own, beside those of pgrunbook
   */
  public static int launch(String[] arguments, Action<?, ?, ?>... more) {
    return launch(arguments, UnaryOperator.identity(), more);
  }

  /**
   * The same, for tests of crashes.
   *
   * @param journals what the entries of a run pass through on their way to the disk
   */
  public static int launch(
      String[] arguments, UnaryOperator<Journal> journals, Action<?, ?, ?>... more) {
    List<Action<?, ?, ?>> actions = new ArrayList<>(Actions.all());
    actions.addAll(Arrays.asList(more));
    var signals = Signals.listen();
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    var terminal = Terminal.isThere();
    try {
      var context = new Context(new Registry(actions), out, err, terminal, signals, journals);
      return new Main(context).execute(arguments);
    } finally {
      signals.ended();
      out.flush();
    }
  }
}
