package pgrunbook.runbook;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import pgrunbook.yaml.Schema;

/** The JSON Schema of runbook files, which editors complete and check them by. */
public final class RunbookSchema {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private RunbookSchema() {}

  /** The schema as text, the same for the same actions whatever their order. */
  public static String generate(List<ActionDoc> actions) {
    var sorted = actions.stream().sorted(Comparator.comparing(ActionDoc::name)).toList();
    var definitions = JSON.objectNode();
    definitions.set("step", calling(Schema.withoutExpressions(Step.class), sorted));
    definitions.set("undo", calling(Schema.withoutExpressions(Undo.class), sorted));
    var undo = reference("undo").put("description", "what undoes the step");
    definitions.withObject("/step/properties").set("undo", undo);
    for (var action : sorted) {
      var input = JSON.objectNode().put("description", action.doc());
      input.setAll(Schema.of(action.input()));
      definitions.set(action.name(), input);
    }
    var schema = Schema.withoutExpressions(RunbookFile.class);
    if (schema.get("properties").get("steps") instanceof ObjectNode steps) {
      steps.put("minItems", 1).set("items", reference("step"));
    }
    schema.set("$defs", definitions);
    return Schema.document("A runbook of pgrunbook", schema);
  }

  private static ObjectNode reference(String definition) {
    return JSON.objectNode().put("$ref", "#/$defs/" + definition);
  }

  /** Something with an action: which actions there are, and what <code>with</code> is for each. */
  private static ObjectNode calling(ObjectNode schema, List<ActionDoc> actions) {
    var names = JSON.arrayNode();
    var choices = JSON.arrayNode();
    for (var action : actions) {
      names.add(JSON.objectNode().put("const", action.name()).put("description", action.doc()));
      choices.add(choice(action));
    }
    if (!actions.isEmpty()) {
      schema.withObject("/properties/action").set("oneOf", names);
      schema.set("allOf", choices);
    }
    return schema;
  }

  private static ObjectNode choice(ActionDoc action) {
    var when = JSON.objectNode();
    when.withObject("/properties/action").put("const", action.name());
    when.set("required", JSON.arrayNode().add("action"));
    var then = JSON.objectNode();
    then.withObject("/properties").set("with", reference(action.name()));
    if (Schema.of(action.input()).get("required") instanceof ArrayNode) {
      then.set("required", JSON.arrayNode().add("with"));
    }
    var choice = JSON.objectNode();
    choice.set("if", when);
    choice.set("then", then);
    return choice;
  }
}
