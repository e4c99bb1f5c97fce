package pgrunbook.cli;

import java.io.PrintStream;
import java.util.function.UnaryOperator;
import pgrunbook.action.Registry;
import pgrunbook.journal.Journal;

/**
 * What every command works with.
 *
 * @param terminal whether a person sits in front of it and can answer
 * @param journals what the entries of a run pass through on their way to the disk
 */
record Context(
    Registry registry,
    PrintStream out,
    PrintStream err,
    boolean terminal,
    Signals signals,
    UnaryOperator<Journal> journals) {}
