package pgrunbook.plan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import pgrunbook.action.Claim;
import pgrunbook.action.Effect;
import pgrunbook.runbook.Runbook;
import pgrunbook.text.Problem;

/**
 * What a run would do.
 *
 * @param params as given and as defaults say, secret ones masked
 * @param madeFrom what the plan depends on, by name; a run of an approved plan compares it
 * @param owedAtEnd what the run would have taken away and not given back
 * @param digest a short name of all of it that does not change with the time of day
 */
public record Plan(
    Runbook runbook,
    TargetFacts target,
    Map<String, String> params,
    List<PlannedStep> steps,
    List<Problem> problems,
    List<Claim.Owes> owedAtEnd,
    Map<String, String> madeFrom,
    String digest) {
  public Plan {
    params = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(params));
    steps = List.copyOf(steps);
    problems = List.copyOf(problems);
    owedAtEnd = List.copyOf(owedAtEnd);
    madeFrom = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(madeFrom));
  }

  /** Whether a step of it destroys something. */
  public boolean isDestructive() {
    return steps.stream().anyMatch(step -> step.preview().effect() == Effect.DESTRUCTIVE);
  }

  /** What the operator must read first. */
  public List<String> headlines() {
    return steps.stream().flatMap(step -> step.preview().headlines().stream()).distinct().toList();
  }
}
