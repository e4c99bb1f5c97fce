package pgrunbook.plan;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Map;
import pgrunbook.action.Claim;
import pgrunbook.action.Fact;
import pgrunbook.text.Masking;
import pgrunbook.text.Problem;
import pgrunbook.yaml.Records;

/** A plan as JSON: for people's tools, for an approval, and for the run's own folder. */
public final class PlanJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private PlanJson() {}

  /**
   * The plan without secrets. What a run reads back (claims, what is foreseen, facts by which a
   * target is known) holds none and stays as it is.
   */
  public static ObjectNode of(Plan plan, Masking masking) {
    var node = JSON.objectNode();
    node.put("version", 1);
    node.put("runbook", plan.runbook().name());
    node.put("digest", plan.digest());
    node.set("target", Records.toJson(plan.target()));
    node.set("params", texts(plan.params()));
    node.set("headlines", masked(plan.headlines(), masking));
    var steps = node.putArray("steps");
    plan.steps().forEach(step -> steps.add(of(step, masking)));
    var owed = node.putArray("owed_at_end");
    plan.owedAtEnd().forEach(owes -> owed.add(owes.what()));
    var problems = node.putArray("problems");
    plan.problems().forEach(problem -> problems.add(of(problem, masking)));
    node.set("made_from", texts(plan.madeFrom()));
    return node;
  }

  /** A problem as JSON, the same in every output. */
  public static ObjectNode of(Problem problem, Masking masking) {
    var node = JSON.objectNode();
    if (problem.at().isKnown()) {
      node.put("file", problem.at().file());
      node.put("line", problem.at().line());
      node.put("column", problem.at().column());
    }
    node.put("what", masking.mask(problem.what()));
    problem.hint().ifPresent(hint -> node.put("hint", masking.mask(hint)));
    return node;
  }

  private static ObjectNode of(PlannedStep step, Masking masking) {
    var preview = step.preview();
    var node = JSON.objectNode();
    node.put("id", step.step().id());
    node.put("name", step.step().title());
    node.put("action", step.step().action());
    node.put("condition", step.condition().name().toLowerCase(java.util.Locale.ROOT));
    node.put("effect", preview.effect().name().toLowerCase(java.util.Locale.ROOT));
    node.set("with", MaskedJson.of(step.with(), masking));
    node.set("commands", masked(preview.commands(), masking));
    var facts = node.putArray("facts");
    preview.facts().forEach(fact -> facts.add(Records.toJson(masked(fact, masking))));
    node.set("needs", claims(preview.needs()));
    node.set("leaves", claims(preview.leaves()));
    node.set("held", claims(step.held()));
    node.set("warnings", masked(preview.warnings(), masking));
    node.set("unknown", masked(preview.unknown(), masking));
    node.set("foreseen", texts(preview.foreseen()));
    step.undo().ifPresent(undo -> node.set("undo", of(undo, masking)));
    return node;
  }

  private static ObjectNode of(PlannedStep.PlannedUndo undo, Masking masking) {
    var node = JSON.objectNode();
    node.put("action", undo.action());
    node.set("commands", masked(undo.commands(), masking));
    undo.call()
        .ifPresent(call -> {
          node.set("with", texts(call.with()));
          call.when().ifPresent(when -> node.put("when", when));
        });
    return node;
  }

  private static ArrayNode claims(Collection<Claim> claims) {
    var array = JSON.arrayNode();
    claims.forEach(claim -> array.add(ClaimJson.of(claim)));
    return array;
  }

  private static Fact masked(Fact fact, Masking masking) {
    return fact.identity() ? fact : Fact.of(fact.name(), masking.mask(fact.value()));
  }

  private static ArrayNode masked(Collection<String> texts, Masking masking) {
    return texts(texts.stream().map(masking::mask).toList());
  }

  private static ArrayNode texts(Collection<String> texts) {
    var array = JSON.arrayNode();
    texts.forEach(array::add);
    return array;
  }

  private static ObjectNode texts(Map<String, String> texts) {
    var node = JSON.objectNode();
    texts.forEach(node::put);
    return node;
  }
}
