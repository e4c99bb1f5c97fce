package pgrunbook.cli;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgrunbook.diagnosis.Finding;
import pgrunbook.diagnosis.Finding.CouldNotCheck;
import pgrunbook.diagnosis.Finding.Fine;
import pgrunbook.diagnosis.Finding.Trouble;
import pgrunbook.diagnosis.Runs;
import pgrunbook.engine.Owed;
import pgrunbook.journal.RunState;
import pgrunbook.journal.StepState;
import pgrunbook.text.Refused;

/** What the runs of a project have left, read once. */
final class RunsLeft implements Runs {
  private final List<Known> all;
  private final List<CouldNotCheck> unknown = new ArrayList<>();

  RunsLeft(Project project) {
    this.all = all(project);
  }

  private List<Known> all(Project project) {
    try {
      return Known.all(
          project, e -> unknown.add(new CouldNotCheck("a run", String.valueOf(e.getMessage()))));
    } catch (Refused e) {
      unknown.add(new CouldNotCheck("which runs are not over", e.problems().getFirst().what()));
      return List.of();
    }
  }

  @Override
  public List<Finding> findings(String environment) {
    var findings = new ArrayList<Finding>();
    open(environment).forEach(run -> findings.add(open(run)));
    for (var run : Status.overButOwing(all)) {
      if (run.state().about("environment").equals(environment)) {
        findings.add(
            new Trouble(String.join("; ", Status.leftBehind(run)), Called.by("show " + run.id())));
      }
    }
    findings.addAll(unknown);
    if (findings.isEmpty()) {
      findings.add(new Fine("no run is unfinished, nothing is owed"));
    }
    return findings;
  }

  private static Finding open(Known run) {
    var debts = Status.debts(run);
    var owes = debts.isEmpty() ? "" : "; owed: " + String.join(", ", debts);
    var what = "run %s of %s is ".formatted(run.id(), run.state().about("runbook"));
    return run.folder().isAtWork()
        ? new Fine(what + "at work" + atWork(run.state()) + owes)
        : new Trouble(
            what + "not over (" + run.state().status() + ")" + owes,
            Called.by((run.state().isRollingBack() ? "rollback " : "resume ") + run.id()));
  }

  private static String atWork(RunState state) {
    var process =
        state
            .session()
            .map(it ->
                " since %s, pid %s on %s"
                    .formatted(
                        it.at().truncatedTo(ChronoUnit.SECONDS),
                        it.data().path("pid").asLong(),
                        it.text("host")));
    var step =
        state.steps().stream()
            .filter(it -> it.status() == StepState.Status.STARTED)
            .reduce((_, last) -> last)
            .map(it -> ", step " + it.path());
    return process.orElse("") + step.orElse("");
  }

  private List<Known> open(String environment) {
    return all.stream()
        .filter(run -> !run.state().isOver())
        .filter(run -> run.state().about("environment").equals(environment))
        .toList();
  }

  @Override
  public Optional<String> waiting(String environment) {
    return open(environment).stream()
        .filter(run -> !run.folder().isAtWork())
        .map(Known::id)
        .findFirst();
  }

  @Override
  public Optional<String> owing(String environment, String id) {
    return open(environment).stream().filter(run -> owes(run, id)).map(Known::id).findFirst();
  }

  private static boolean owes(Known run, String id) {
    try {
      return Owed.of(Carrier.saved(run.folder().plan()), run.state()).stream()
          .anyMatch(debt -> debt.owes().id().equals(id));
    } catch (Refused _) {
      return false; // its plan can't be read, which its finding says
    }
  }

  @Override
  public Standing standing(String id) {
    return all.stream()
        .filter(run -> run.id().equals(id))
        .findFirst()
        .map(RunsLeft::standing)
        .orElse(Standing.NOT_KNOWN_HERE);
  }

  private static Standing standing(Known run) {
    if (run.state().isOver()) {
      return Standing.OVER;
    }
    return run.folder().isAtWork() ? Standing.AT_WORK : Standing.OPEN;
  }
}
