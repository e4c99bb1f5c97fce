package pgrunbook.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import pgrunbook.action.Call;
import pgrunbook.action.Claim;
import pgrunbook.action.Effect;
import pgrunbook.action.Fact;
import pgrunbook.plan.PlannedStep.Condition;
import pgrunbook.yaml.Records;

/**
 * What was decided when a run was planned, read back from its folder: a run that is picked up again
 * goes by this and not by what the world looks like half-way.
 */
public record SavedPlan(
    String digest, TargetFacts target, Map<String, SavedStep> steps, Map<String, String> madeFrom) {
  public SavedPlan {
    steps = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(steps));
    madeFrom = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(madeFrom));
  }

  /** What was decided for one step. */
  public record SavedStep(
      Condition condition,
      Effect effect,
      List<Fact> facts,
      List<Claim> leaves,
      List<Claim> held,
      Map<String, String> foreseen,
      Optional<Call> undo) {}

  public static SavedPlan read(JsonNode json) {
    var steps = new LinkedHashMap<String, SavedStep>();
    json.path("steps").forEach(step -> steps.put(step.path("id").asText(), step(step)));
    return new SavedPlan(
        json.path("digest").asText(),
        Records.fromJson(json.path("target"), TargetFacts.class),
        steps,
        texts(json.path("made_from")));
  }

  private static SavedStep step(JsonNode json) {
    var facts = new ArrayList<Fact>();
    json.path("facts").forEach(fact -> facts.add(Records.fromJson(fact, Fact.class)));
    return new SavedStep(
        Condition.valueOf(json.path("condition").asText().toUpperCase(Locale.ROOT)),
        Effect.valueOf(json.path("effect").asText().toUpperCase(Locale.ROOT)),
        facts,
        ClaimJson.read(json.path("leaves")),
        ClaimJson.read(json.path("held")),
        texts(json.path("foreseen")),
        call(json.path("undo")));
  }

  private static Optional<Call> call(JsonNode json) {
    if (!json.has("with")) {
      return Optional.empty();
    }
    var when = Optional.ofNullable(json.get("when")).map(JsonNode::asText);
    return Optional.of(new Call(json.path("action").asText(), texts(json.path("with")), when));
  }

  private static Map<String, String> texts(JsonNode json) {
    var texts = new LinkedHashMap<String, String>();
    json.properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
    return texts;
  }

  /** Whether that is what was around the database when the plan was made. */
  public boolean hasSurroundings(String now) {
    var planned = madeFrom.get(Digest.SURROUNDINGS);
    return planned == null || planned.equals(Digest.sha256(now)); // none: of an older version
  }

  /** What is not as it was when that plan was made, each with both values. */
  public List<String> differences(Plan now) {
    var differences = new ArrayList<String>();
    var names = new java.util.LinkedHashSet<>(madeFrom.keySet());
    names.addAll(now.madeFrom().keySet());
    for (var name : names) {
      var before = madeFrom.getOrDefault(name, "none");
      var after = now.madeFrom().getOrDefault(name, "none");
      if (!before.equals(after)) {
        differences.add(name + " was " + before + ", is " + after);
      }
    }
    if (differences.isEmpty() && !digest.equals(now.digest())) {
      differences.add("the commands of the steps differ");
    }
    return differences;
  }
}
