package pgrunbook.cli;

import java.io.PrintStream;
import java.util.function.UnaryOperator;
import pgrunbook.action.Registry;
import pgrunbook.journal.Journal;

/**
 * What every command works with.
 *
 * @param out on which secrets are masked, as on <code>err</code>
 * @param terminal whether a person sits in front of it and can answer
 * @param journals what the entries of a run pass through on their way to the disk
 * @param secrets those that are known so far
 */
record Context(
    Registry registry,
    MaskedStream out,
    MaskedStream err,
    boolean terminal,
    Signals signals,
    UnaryOperator<Journal> journals,
    Secrets secrets) {
  Context(
      Registry registry,
      PrintStream out,
      PrintStream err,
      boolean terminal,
      Signals signals,
      UnaryOperator<Journal> journals) {
    var secrets = new Secrets();
    this(
        registry,
        new MaskedStream(out, secrets),
        new MaskedStream(err, secrets),
        terminal,
        signals,
        journals,
        secrets);
  }
}
