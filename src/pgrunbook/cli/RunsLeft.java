package pgrunbook.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgrunbook.diagnosis.Finding;
import pgrunbook.diagnosis.Finding.CouldNotCheck;
import pgrunbook.diagnosis.Finding.Fine;
import pgrunbook.diagnosis.Finding.Trouble;
import pgrunbook.diagnosis.Runs;
import pgrunbook.engine.Owed;
import pgrunbook.journal.JournalException;
import pgrunbook.text.Refused;

/** What the runs of a project have left, read once. */
final class RunsLeft implements Runs {
  private final List<Known> all;
  private final List<JournalException> unreadable = new ArrayList<>();

  RunsLeft(Project project) {
    this.all = Known.all(project, unreadable::add);
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
    unreadable.forEach(
        e -> findings.add(new CouldNotCheck("a run", String.valueOf(e.getMessage()))));
    if (findings.isEmpty()) {
      findings.add(new Fine("no run is unfinished, nothing is owed"));
    }
    return findings;
  }

  private static Finding open(Known run) {
    var debts = Status.debts(run);
    var owes = debts.isEmpty() ? "" : "; owed: " + String.join(", ", debts);
    return new Trouble(
        "run %s of %s is not over (%s)%s"
            .formatted(run.id(), run.state().about("runbook"), run.state().status(), owes),
        Called.by((run.state().isRollingBack() ? "rollback " : "resume ") + run.id()));
  }

  private List<Known> open(String environment) {
    return all.stream()
        .filter(run -> !run.state().isOver())
        .filter(run -> run.state().about("environment").equals(environment))
        .toList();
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
        .map(run -> run.state().isOver() ? Standing.OVER : Standing.OPEN)
        .orElse(Standing.NOT_KNOWN_HERE);
  }
}
