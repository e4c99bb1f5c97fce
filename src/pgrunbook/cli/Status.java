package pgrunbook.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import pgrunbook.engine.Owed;
import pgrunbook.journal.Entry;
import pgrunbook.journal.StepState;
import pgrunbook.text.Durations;
import pgrunbook.text.Refused;

/** What can be said of a run without reaching its target. */
final class Status {
  private Status() {}

  /** What the run has taken away and not given back, a sentence each. */
  static List<String> debts(Known known) {
    try {
      return debtsByPlan(known);
    } catch (Refused e) {
      return List.of("nobody knows what: " + e.problems().getFirst().what());
    }
  }

  private static List<String> debtsByPlan(Known known) {
    return Owed.of(Carrier.saved(known.folder().plan()), known.state()).stream()
        .map(debt -> debt.owes().what() + (debt.certain() ? "" : " (perhaps)"))
        .toList();
  }

  /**
   * Runs that are over and owe something: abandoned ones, and those whose runbook never gives it
   * back. A later run on the same target that is done, and owes nothing, has made up for them.
   */
  static List<Known> overButOwing(List<Known> runs) {
    List<Known> owing = new ArrayList<>();
    for (var run : runs) {
      var state = run.state();
      var target = state.about("system_identifier");
      var clean = state.isOver() && debts(run).isEmpty();
      if (clean && state.status().equals("done")) {
        owing.removeIf(it -> it.actsOn(target, state.about("database")));
      } else if (state.isOver() && !clean && !state.status().equals("rolled_back")) {
        owing.add(run);
      }
    }
    return owing;
  }

  /** What such a run has left for the operator to give back. */
  static List<String> leftBehind(Known known) {
    return debts(known).stream()
        .map(debt -> "run " + known.id() + " (" + known.state().status() + ") has left: " + debt)
        .toList();
  }

  /** A line for a list of runs. */
  static String line(Known known) {
    var state = known.state();
    return String.format(
        Locale.ROOT,
        "%s  %-12s %-18s %s on %s",
        known.id(),
        state.status(),
        state.about("runbook"),
        state.about("database"),
        state.about("environment"));
  }

  /** All about a run. */
  static List<String> text(Known known) {
    var lines = new ArrayList<String>();
    lines.add("run " + line(known));
    known.state().session().ifPresent(session -> lines.add("  " + who(session)));
    if (known.torn() > 0) {
      lines.add(
          "  the journal's last line is unfinished (" + known.torn() + " bytes): not in force");
    }
    for (var step : known.state().steps()) {
      lines.add(step(step));
    }
    known.state().decisions().forEach(it -> lines.add("  " + decided(it)));
    if (!known.state().isOver()) {
      debts(known).forEach(debt -> lines.add("  owed: " + debt));
      lines.add("  what now: " + Ended.choices(known.id(), known.state()));
    }
    return lines;
  }

  private static String who(Entry session) {
    var pid = session.data().path("pid").asLong();
    var here = ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    return "last: "
        + session.text("command")
        + " by "
        + session.text("user")
        + " on "
        + session.text("host")
        + ", pid "
        + pid
        + (here ? "" : " (not running here)")
        + ", "
        + session.at();
  }

  private static String decided(Entry decision) {
    return "decided: "
        + decision.text("step")
        + (decision.text("found").equals("done") ? " is done" : " is carried out again")
        + ", said "
        + decision.text("user")
        + " at "
        + decision.at()
        + ": "
        + decision.text("what");
  }

  private static String step(StepState step) {
    var took = step.took().map(Durations::shown).orElse("");
    var said = step.said().isEmpty() ? "" : "  " + step.said();
    var status = step.status().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    var line =
        String.format(Locale.ROOT, "    %-12s %-24s %10s%s", status, step.path(), took, said);
    return line.stripTrailing();
  }
}
