package pgrunbook.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads fields of JSON objects and says which one is missing or wrong. */
final class Json {
  static final ObjectMapper MAPPER = new ObjectMapper();
  static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Json() {}

  /** A field that is missing or is not what it should be. */
  static final class Wrong extends RuntimeException {
    private static final long serialVersionUID = 1;

    Wrong(String message) {
      super(message);
    }
  }

  static String text(JsonNode object, String name) {
    return checked(object, name, object.path(name).isTextual(), "text").textValue();
  }

  static long number(JsonNode object, String name) {
    return checked(object, name, object.path(name).canConvertToLong(), "a number").longValue();
  }

  static boolean bool(JsonNode object, String name) {
    return checked(object, name, object.path(name).isBoolean(), "true or false").booleanValue();
  }

  static JsonNode array(JsonNode object, String name) {
    return checked(object, name, object.path(name).isArray(), "a list");
  }

  static JsonNode object(JsonNode object, String name) {
    return checked(object, name, object.path(name).isObject(), "an object");
  }

  static SortedMap<String, String> texts(JsonNode object, String name) {
    var map = new TreeMap<String, String>();
    var node = object(object, name);
    node.propertyStream().forEach(entry -> map.put(entry.getKey(), text(node, entry.getKey())));
    return map;
  }

  static ObjectNode texts(Map<String, String> map) {
    var node = NODES.objectNode();
    map.forEach(node::put);
    return node;
  }

  private static JsonNode checked(JsonNode object, String name, boolean right, String what) {
    if (!right) {
      throw new Wrong("'" + name + "' should be " + what);
    }
    return object.path(name);
  }
}
