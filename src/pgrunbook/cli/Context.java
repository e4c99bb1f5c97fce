package pgrunbook.cli;

import java.io.PrintStream;
import pgrunbook.action.Registry;

/**
 * What every command works with.
 *
 * @param terminal whether a person sits in front of it and can answer
 */
record Context(
    Registry registry, PrintStream out, PrintStream err, boolean terminal, Signals signals) {}
