package pgrunbook.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import pgrunbook.expression.Late;
import pgrunbook.text.Masking;

/** Writes records as JSON, by their shapes. */
final class ToJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ToJson() {}

  static ObjectNode object(Record written) {
    var object = JSON.objectNode();
    for (var component : Component.of(written.getClass())) {
      value(component.shape(), component.valueIn(written))
          .ifPresent(json -> object.set(component.key(), json));
    }
    return object;
  }

  private static Optional<JsonNode> value(Shape shape, Object value) {
    return switch (shape) {
      case Shape.Maybe(var inner) -> ((Optional<?>) value).flatMap(v -> value(inner, v));
      case Shape.Where() -> Optional.empty();
      case Shape.LateOf(var inner) ->
          switch ((Late<?>) value) {
            case Late.Known<?>(var known) -> value(inner, known);
            case Late.Pending<?>(var shown, var _) -> Optional.of(JSON.textNode(shown));
          };
      case Shape.ListOf(var item) -> Optional.of(array(item, (List<?>) value));
      case Shape.MapOf(var each) -> Optional.of(map(each, (Map<?, ?>) value));
      case Shape.Nested _ -> Optional.of(object((Record) value));
      case Shape.Raw _ -> Optional.of(Shown.asWritten((YamlNode) value));
      case Shape.Hidden() -> Optional.of(JSON.textNode(Masking.MASK));
      case Shape.Choice _ -> Optional.of(JSON.textNode(Shapes.written((Enum<?>) value)));
      case Shape.Text _,
          Shape.Bool _,
          Shape.Whole _,
          Shape.Decimal _,
          Shape.Span _,
          Shape.Moment _,
          Shape.Any _,
          Shape.Condition _ ->
          Optional.of(Values.json(value));
    };
  }

  private static JsonNode array(Shape item, List<?> list) {
    var array = JSON.arrayNode();
    list.forEach(each -> value(item, each).ifPresent(array::add));
    return array;
  }

  /** In the map's order where it promises one, else sorted, so that equal records look equal. */
  private static JsonNode map(Shape each, Map<?, ?> map) {
    var object = JSON.objectNode();
    var ordered = map instanceof SequencedMap<?, ?> ? map : new TreeMap<Object, Object>(map);
    ordered.forEach(
        (key, v) -> value(each, v).ifPresent(json -> object.set(String.valueOf(key), json)));
    return object;
  }
}
