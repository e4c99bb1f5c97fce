package pgrunbook.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import pgrunbook.text.Place;

/** Single values, and lists of them, as JSON and back. */
final class Values {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Values() {}

  static JsonNode json(Object value) {
    return switch (value) {
      case Boolean bool -> JSON.booleanNode(bool);
      case Integer number -> JSON.numberNode(number);
      case Long number -> JSON.numberNode(number);
      case Double number -> JSON.numberNode(number);
      case List<?> list -> {
        var array = JSON.arrayNode();
        list.forEach(item -> array.add(json(item)));
        yield array;
      }
      default -> JSON.textNode(value.toString());
    };
  }

  static Object value(JsonNode json) {
    if (json.isBoolean()) {
      return json.booleanValue();
    } else if (json.isIntegralNumber()) {
      return json.longValue();
    } else if (json.isNumber()) {
      return json.doubleValue();
    } else if (json.isArray()) {
      List<Object> items = new ArrayList<>();
      json.forEach(item -> items.add(value(item)));
      return List.copyOf(items);
    }
    return json.asText();
  }

  /** JSON as YAML that nobody wrote. */
  static YamlNode node(JsonNode json) {
    if (json.isObject()) {
      Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
      json.properties()
          .forEach(
              e -> entries.put(e.getKey(), new YamlNode.Entry(Place.NONE, node(e.getValue()))));
      return new YamlNode.Mapping(Place.NONE, entries);
    } else if (json.isArray()) {
      List<YamlNode> items = new ArrayList<>();
      json.forEach(item -> items.add(node(item)));
      return new YamlNode.Sequence(Place.NONE, items);
    }
    return new YamlNode.Scalar(Place.NONE, json.asText(), !json.isTextual());
  }
}
