package pgrunbook.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import pgrunbook.text.Masking;

/**
 * JSON without secrets. Each value is masked for itself, so that what is left is JSON whatever a
 * secret looks like; names stay.
 */
public final class MaskedJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private MaskedJson() {}

  /** A copy; a number that is a secret becomes a text. */
  public static JsonNode of(JsonNode node, Masking masking) {
    return switch (node) {
      case ObjectNode object -> {
        var copy = JSON.objectNode();
        object.properties().forEach(it -> copy.set(it.getKey(), of(it.getValue(), masking)));
        yield copy;
      }
      case ArrayNode array -> {
        var copy = JSON.arrayNode();
        array.forEach(item -> copy.add(of(item, masking)));
        yield copy;
      }
      default -> {
        var masked = masking.mask(node.asText());
        yield masked.equals(node.asText()) ? node : JSON.textNode(masked);
      }
    };
  }
}
