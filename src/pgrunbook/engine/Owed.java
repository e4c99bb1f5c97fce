package pgrunbook.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import pgrunbook.action.Claim;
import pgrunbook.action.RunTag;
import pgrunbook.action.StepPath;
import pgrunbook.journal.RunState;
import pgrunbook.journal.StepState;
import pgrunbook.plan.SavedPlan;

/** What a run has taken away, or may have, and not given back. */
public final class Owed {
  private Owed() {}

  /**
   * One thing that is owed.
   *
   * @param certain whether the step that took it away is known to be done
   */
  public record Debt(StepPath step, Claim.Owes owes, boolean certain) {}

  /** In the order in which it was taken. */
  public static List<Debt> of(SavedPlan plan, RunState state) {
    Map<String, Debt> debts = new LinkedHashMap<>();
    plan.steps()
        .forEach((id, step) -> {
          var path = new StepPath(id);
          var known = state.step(id).status();
          for (var claim : step.leaves()) {
            take(debts, named(claim, state), path, known, undone(state, path));
          }
        });
    return List.copyOf(debts.values());
  }

  /** A plan could not name the run yet; in a database's name its id has no hyphens. */
  private static Claim named(Claim claim, RunState state) {
    return claim instanceof Claim.Owes(var id, var what)
        ? new Claim.Owes(id, what.replace(RunTag.NO_RUN_YET, state.about("run").replace('-', '_')))
        : claim;
  }

  private static void take(
      Map<String, Debt> debts,
      Claim claim,
      StepPath path,
      StepState.Status status,
      boolean undone) {
    if (claim instanceof Claim.Owes owes && status.mayHaveHadEffect() && !undone) {
      debts.put(owes.id(), new Debt(path, owes, status == StepState.Status.FINISHED));
    }
    if (claim instanceof Claim.Pays(var id) && status == StepState.Status.FINISHED && !undone) {
      debts.remove(id);
    }
  }

  private static boolean undone(RunState state, StepPath path) {
    return switch (state.step(path.undo().text()).status()) {
      case FINISHED, SKIPPED -> true;
      case NOT_DONE, STARTED, FAILED, INTERRUPTED, PARTLY, UNKNOWN, CONTINUED -> false;
    };
  }
}
