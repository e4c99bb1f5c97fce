package pgrunbook.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import pgrunbook.plan.Plan;
import pgrunbook.plan.PlannedStep;
import pgrunbook.text.Bytes;

/** A plan as a person reads it. */
public final class PlanText {
  private PlanText() {}

  public static String of(Plan plan) {
    var lines = new ArrayList<String>();
    head(plan, lines);
    var number = 1;
    for (var step : plan.steps()) {
      step(number++, step, lines);
    }
    tail(plan, lines);
    return String.join("\n", lines) + "\n";
  }

  private static void head(Plan plan, List<String> lines) {
    var target = plan.target();
    lines.add(
        "plan of "
            + plan.runbook().name()
            + " for "
            + target.environment()
            + ", digest "
            + plan.digest());
    lines.add("");
    plan.headlines().forEach(line -> lines.add("  " + line));
    if (!plan.headlines().isEmpty()) {
      lines.add("");
    }
    lines.add(
        "  server    " + target.server() + ", system identifier " + target.systemIdentifier());
    var what =
        target.oid().map(oid -> "oid " + oid).orElse("does not exist")
            + target.size().map(size -> ", " + Bytes.shown(size)).orElse("")
            + (target.isProtected() ? ", protected" : "");
    lines.add("  database  " + target.database() + " (" + what + ")");
    plan.params().forEach((name, value) -> lines.add("  param     " + name + " = " + value));
    lines.add("");
  }

  private static void step(int number, PlannedStep step, List<String> lines) {
    var preview = step.preview();
    var effect =
        switch (step.condition()) {
          case RUNS -> preview.effect().toString();
          case SKIPPED -> "skipped, its 'when' is false";
          case DEPENDS -> preview.effect() + ", if its 'when' holds";
        };
    lines.add(
        String.format(
            Locale.ROOT,
            "%3d. %-18s %-22s %s",
            number,
            step.step().id(),
            step.step().action(),
            effect));
    step.step().name().ifPresent(name -> lines.add("     " + name));
    preview.facts().forEach(fact -> lines.add("       " + fact.name() + ": " + fact.value()));
    preview.commands().forEach(command -> lines.add("       > " + command));
    preview.warnings().forEach(warning -> lines.add("       ! " + warning));
    preview.unknown().forEach(unknown -> lines.add("       ? " + unknown));
    step.undo().ifPresent(undo -> lines.add("       undo: " + undo.action()));
  }

  private static void tail(Plan plan, List<String> lines) {
    plan.owedAtEnd()
        .forEach(owes -> lines.add("! at the end, " + owes.what() + ", and no step gives it back"));
    if (!plan.problems().isEmpty()) {
      lines.add("");
      lines.add(count(plan.problems().size(), "problem") + ":");
      plan.problems().forEach(problem -> lines.add("  " + indented(problem.toString())));
    }
  }

  private static String indented(String text) {
    return text.replace("\n", "\n  ");
  }

  private static String count(int number, String what) {
    return number == 1 ? "1 " + what : number + " " + what + "s";
  }
}
