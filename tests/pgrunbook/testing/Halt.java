package pgrunbook.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;
import pgrunbook.journal.Entry;
import pgrunbook.journal.Journal;

/**
 * Ends the program without warning right before or after it writes one entry of its journal. What
 * it has started goes on, as after SIGKILL.
 *
 * @param number counts the entries of this process, from 1
 */
public record Halt(boolean before, int number) {
  /** The exit code of a process that SIGKILL has ended, as a shell tells it. */
  public static final int EXIT = 137;

  private static final String VARIABLE = "PGRUNBOOK_TEST_HALT";

  /** The program as it is started, but that it ends so. */
  public Cli in(Cli cli) {
    return cli.with(VARIABLE, toString());
  }

  @Override
  public String toString() {
    return (before ? "before:" : "after:") + number;
  }

  /** What the journal of this process passes through: itself, unless {@link #in} has asked. */
  static UnaryOperator<Journal> asked() {
    return Optional.ofNullable(System.getenv(VARIABLE))
        .map(Halt::of)
        .<UnaryOperator<Journal>>map(halt -> journal -> new Halting(journal, halt))
        .orElse(UnaryOperator.identity());
  }

  private static Halt of(String text) {
    var words = text.split(":", 2);
    return new Halt(words[0].equals("before"), Integer.parseInt(words[1]));
  }

  private static final class Halting implements Journal {
    private final Journal journal;
    private final Halt halt;
    private int appended;

    Halting(Journal journal, Halt halt) {
      this.journal = journal;
      this.halt = halt;
    }

    @Override
    public Entry append(String event, ObjectNode data) {
      appended++;
      if (appended == halt.number && halt.before) {
        Runtime.getRuntime().halt(EXIT);
      }
      var entry = journal.append(event, data);
      if (appended == halt.number) {
        Runtime.getRuntime().halt(EXIT);
      }
      return entry;
    }

    @Override
    public Instant now() {
      return journal.now();
    }
  }
}
