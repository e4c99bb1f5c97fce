package pgrunbook.cli;

import java.time.Duration;
import java.util.List;
import pgrunbook.action.StepPath;
import pgrunbook.cli.Carrier.Carried;
import pgrunbook.engine.Outcome;
import pgrunbook.engine.Owed;
import pgrunbook.journal.RunState;
import pgrunbook.journal.StepState;
import pgrunbook.text.Bytes;
import pgrunbook.text.Durations;
import pgrunbook.text.Problem;

/** Says how a run ended, what it proved, what is owed and what can be done now. */
final class Ended {
  private Ended() {}

  static int say(Context context, Console console, Carried carried) {
    var id = carried.folder().id();
    console.line("");
    switch (carried.outcome()) {
      case Outcome.Completed(var rolledBack) -> completed(console, carried, rolledBack);
      case Outcome.Failed(var step, var _) ->
          waits(context, console, carried, "run " + id + " failed in " + step);
      case Outcome.Denied _ ->
          waits(context, console, carried, "run " + id + " was refused to go on");
      case Outcome.Undecided(var step, var _) ->
          waits(context, console, carried, "run " + id + ": outcome of " + step + " unknown");
      case Outcome.Interrupted() ->
          waits(context, console, carried, "run " + id + " was interrupted");
    }
    return Exit.of(carried.outcome());
  }

  /** What stopped a run. */
  static List<Problem> problems(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Failed(var _, var problem) -> List.of(problem);
      case Outcome.Denied(var problems) -> problems;
      case Outcome.Undecided(var _, var problem) -> List.of(problem);
      case Outcome.Completed _, Outcome.Interrupted _ -> List.of();
    };
  }

  private static void completed(Console console, Carried carried, boolean rolledBack) {
    proofs(console, carried.state());
    console.line(
        "run "
            + carried.folder().id()
            + (rolledBack ? " rolled back" : " done")
            + " in "
            + took(carried.state())
            + ", journal and logs in "
            + carried.folder().path());
    owed(console, carried);
  }

  private static String took(RunState state) {
    var from = state.session().map(entry -> entry.at());
    var to = state.lastAt();
    return from.isPresent() && to.isPresent()
        ? Durations.shown(Duration.between(from.get(), to.get()))
        : "no time";
  }

  /** What the steps found out that a person wants to see once more at the end. */
  static void proofs(Console console, RunState state) {
    var dropped =
        state.steps().stream()
            .filter(step -> step.action().equals("postgres.drop_old"))
            .map(step -> step.outputs().path("database").asText())
            .toList();
    for (var step : state.steps()) {
      if (new StepPath(step.path()).isUndo() == state.isRollingBack()) {
        proofs(console, step, dropped);
      }
    }
  }

  private static void proofs(Console console, StepState step, List<String> dropped) {
    var outputs = step.outputs();
    if (step.action().equals("postgres.backup") && outputs.has("file")) {
      var size = Bytes.shown(outputs.path("size").asLong());
      console.line("  " + step.path() + ": " + outputs.path("file").asText() + ", " + size);
    }
    if (outputs.has("verified")) {
      proof(console, step.path(), outputs);
    }
    outputs.path("lost").forEach(lost -> console.line("  not as before: " + lost.asText()));
    if (outputs.has("written_since")) {
      var where =
          outputs.has("undone")
              ? "the database may have been written to; what was taken back of that is in no backup: "
              : "the old database may have been written to, and still has it: ";
      console.line("  after its safety backup " + where + outputs.path("written_since").asText());
    }
    if (!dropped.contains(outputs.path("old").asText())) {
      kept(console, "the database that was replaced", outputs.path("old").asText(""));
    }
    kept(console, "the database that had been published", outputs.path("kept_as").asText(""));
  }

  private static void kept(Console console, String what, String name) {
    if (!name.isEmpty()) {
      console.line(
          "  "
              + what
              + " is kept as "
              + name
              + "; drop it when nobody needs what was written into it");
    }
  }

  private static void proof(
      Console console, String step, com.fasterxml.jackson.databind.node.ObjectNode outputs) {
    var how = outputs.path("verified").asText();
    var what =
        outputs.path("tables").asText() + " tables, " + outputs.path("rows").asText() + " rows";
    console.line(
        how.equals("content")
            ? "  " + step + ": content equal to the backup's: " + what
            : "  " + step + ": CONTENT NOT VERIFIED (" + how + " only): " + what);
    var restored = outputs.path("fingerprint").asText("");
    var source = outputs.path("source_fingerprint").asText("");
    if (!source.isEmpty()) {
      console.line("    fingerprint of the backup:   " + source);
      console.line("    fingerprint of the database: " + restored);
    }
  }

  private static void waits(Context context, Console console, Carried carried, String what) {
    if (carried.state().isOver()) {
      console.line(what + ", and was rolled back");
    } else {
      console.line(what);
    }
    var decisionOwed = carried.outcome() instanceof Outcome.Undecided;
    problems(carried.outcome()).forEach(problem -> context.err().println(console.shown(problem)));
    owed(console, carried);
    if (!carried.state().isOver() && !decisionOwed) {
      console.line("what now: " + choices(carried.folder().id(), carried.state()));
    }
  }

  private static void owed(Console console, Carried carried) {
    for (var debt : Owed.of(carried.plan(), carried.state())) {
      console.line("  owed: " + debt.owes().what() + (debt.certain() ? "" : " (perhaps)"));
    }
  }

  /** The commands that can be given for a run that is not over. */
  static String choices(String run, RunState state) {
    return state.isRollingBack() ? "'" + Called.by("rollback " + run) + "'" : choices(run);
  }

  static String choices(String run) {
    return "'"
        + Called.by("resume " + run)
        + "' goes on, '"
        + Called.by("rollback " + run)
        + "' undoes, '"
        + Called.by("abandon " + run + " --reason WHY")
        + "' gives it up";
  }
}
