package pgrunbook.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import pgrunbook.action.Action;
import pgrunbook.action.Registry;
import pgrunbook.actions.Actions;
import pgrunbook.journal.Journal;
import pgrunbook.text.Problem;

/** Where every launcher enters. */
public final class Runbooks {
  private static final Problem UNFIT =
      Problem.of(
          "under this locale no file can be named, and no program be given a word, other than in "
              + System.getProperty("sun.jnu.encoding"),
          "set LC_ALL=C.UTF-8; cron and systemd set none");

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
    if (!canNameFiles()) {
      System.err.println(UNFIT);
      return Exit.USAGE;
    }
    List<Action<?, ?, ?>> actions = new ArrayList<>(Actions.all());
    actions.addAll(Arrays.asList(more));
    var signals = Signals.listen();
    var out = new Screen(System.out);
    var err = new Screen(System.err);
    var terminal = Terminal.isThere();
    try {
      var context = new Context(new Registry(actions), out, err, terminal, signals, journals);
      return new Main(context).execute(arguments);
    } finally {
      signals.ended();
      out.flush();
    }
  }

  /** Java puts question marks into what it hands to programs, and refuses paths. */
  private static boolean canNameFiles() {
    try {
      return !Path.of("\u2039\u00fc\u203a").toString().isEmpty();
    } catch (InvalidPathException _) {
      return false;
    }
  }
}
