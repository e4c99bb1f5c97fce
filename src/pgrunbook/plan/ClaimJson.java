package pgrunbook.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import pgrunbook.action.Claim;
import pgrunbook.yaml.Records;

/** Claims as JSON and back. */
public final class ClaimJson {
  private static final String NAME = "claim";

  private ClaimJson() {}

  static ObjectNode of(Claim claim) {
    var node = JsonNodeFactory.instance.objectNode();
    node.put(NAME, claim.getClass().getSimpleName());
    node.setAll(Records.toJson((Record) claim));
    return node;
  }

  static List<Claim> read(JsonNode array) {
    var claims = new ArrayList<Claim>();
    array.forEach(node -> claims.add(claim(node)));
    return claims;
  }

  private static Claim claim(JsonNode json) {
    var name = json.path(NAME).asText();
    for (var type : Claim.class.getPermittedSubclasses()) {
      if (type.getSimpleName().equals(name)) {
        return (Claim) Records.fromJson(json, type.asSubclass(Record.class));
      }
    }
    throw new IllegalArgumentException("a saved plan claims '" + name + "', which is unknown");
  }

  /** The claims with their texts changed, such as from what a plan shows to what a run yielded. */
  public static List<Claim> changed(List<Claim> claims, UnaryOperator<String> change) {
    var changed = new ArrayList<Claim>();
    for (var claim : claims) {
      var json = of(claim);
      for (var field : json.properties()) {
        if (!field.getKey().equals(NAME)) {
          field.setValue(
              JsonNodeFactory.instance.textNode(change.apply(field.getValue().asText())));
        }
      }
      changed.add(claim(json));
    }
    return changed;
  }
}
