package pgrunbook.engine;

import java.util.List;
import java.util.Optional;
import pgrunbook.action.Effect;
import pgrunbook.action.Fact;
import pgrunbook.action.Preview;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;
import pgrunbook.yaml.Records;

/** Whether the world, and what a step yields, still are what the plan was made for. */
final class Agreement {
  private Agreement() {}

  /** The same look as in the plan, right before the effect: what has become different meanwhile. */
  static List<Problem> changedSincePlan(Task task, Preview now) {
    var problems = new Problems();
    now.problems().forEach(problem -> problems.add(problem.orAt(task.place())));
    if (now.effect() == Effect.READ_ONLY) {
      return problems.list();
    }
    if (now.effect() == Effect.DESTRUCTIVE) {
      task.planned().stream()
          .filter(Fact::identity)
          .filter(planned -> now.facts().stream().noneMatch(it -> it.name().equals(planned.name())))
          .forEach(planned -> problems.add(changed(planned, Fact.of(planned.name(), "unknown"))));
    }
    for (var fact : now.facts()) {
      task.planned().stream()
          .filter(planned -> planned.identity() && planned.name().equals(fact.name()))
          .filter(planned -> !planned.value().equals(fact.value()))
          .forEach(planned -> problems.add(changed(planned, fact)));
    }
    return problems.list();
  }

  private static Problem changed(Fact planned, Fact now) {
    return Problem.of(
        now.name() + " is " + now.value() + ", the plan was made for " + planned.value(),
        "somebody changed the target since the plan; look, then make a new plan");
  }

  /** What the step yields and the plan, being certain of something else, was not made for. */
  static Optional<Problem> unforeseen(Task task, Record outputs) {
    var json = Records.toJson(outputs);
    for (var promise : task.foreseen().entrySet()) {
      var yielded = json.path(promise.getKey()).asText();
      if (!yielded.equals(promise.getValue())) {
        return Optional.of(
            Problem.of(
                promise.getKey()
                    + " is "
                    + yielded
                    + ", the plan was made for "
                    + promise.getValue(),
                "something changed since the plan; 'rollback', then make a new one"));
      }
    }
    return Optional.empty();
  }
}
