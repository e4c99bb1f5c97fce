package pgrunbook.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pgrunbook.expression.Expression;
import pgrunbook.expression.Late;
import pgrunbook.expression.Scope;
import pgrunbook.text.Place;
import pgrunbook.text.Problems;

/** Reads records from JSON, by their shapes. */
final class FromJson {
  private FromJson() {}

  static <R extends Record> R object(JsonNode json, Class<R> type) {
    if (!json.isObject()) {
      throw new IllegalArgumentException(
          "expected an object for " + type.getSimpleName() + ", found " + json.getNodeType());
    }
    List<Object> values = new ArrayList<>();
    for (var component : Component.of(type)) {
      var written = json.get(component.key());
      values.add(
          written == null || written.isNull()
              ? missing(component, type)
              : value(component.shape(), written, component.key()));
    }
    return Component.make(type, values);
  }

  private static Object missing(Component component, Class<? extends Record> type) {
    return switch (component.shape()) {
      case Shape.Maybe _ -> Optional.empty();
      case Shape.Where _ -> Place.NONE;
      case Shape shape when component.byDefault().isPresent() ->
          byDefault(component.byDefault().get(), shape, component.key());
      case Shape.ListOf _ -> List.of();
      case Shape.MapOf _ -> Map.of();
      default ->
          throw new IllegalArgumentException(
              "'" + component.key() + "' is missing in " + type.getSimpleName());
    };
  }

  private static Object byDefault(String text, Shape shape, String name) {
    var problems = new Problems();
    var node = Defaults.parse(text, Place.NONE);
    var value = new Binding(Scope.none(), problems).value(shape, node, name);
    problems.throwIfAny();
    return value.orElseThrow();
  }

  private static Object value(Shape shape, JsonNode json, String name) {
    return switch (shape) {
      case Shape.Maybe(var inner) -> Optional.of(value(inner, json, name));
      case Shape.LateOf(var inner) -> Late.known(value(inner, json, name));
      case Shape.ListOf(var item) -> list(item, checked(json.isArray(), shape, json, name), name);
      case Shape.MapOf(var each) -> map(each, checked(json.isObject(), shape, json, name), name);
      case Shape.Nested(var type) -> object(json, type);
      case Shape.Raw(var type) -> type.cast(Values.node(json));
      case Shape.Where() -> Place.NONE;
      case Shape.Condition() -> condition(json.asText());
      case Shape.Any() -> Values.value(json);
      case Shape.Text() -> checked(json.isTextual(), shape, json, name).textValue();
      case Shape.Bool() -> checked(json.isBoolean(), shape, json, name).booleanValue();
      case Shape.Whole(var isLong) when isLong ->
          checked(json.canConvertToLong() && json.isIntegralNumber(), shape, json, name)
              .longValue();
      case Shape.Whole _ ->
          checked(json.canConvertToInt() && json.isIntegralNumber(), shape, json, name).intValue();
      case Shape.Decimal() -> checked(json.isNumber(), shape, json, name).doubleValue();
      case Shape.Span _, Shape.Moment _ -> time(shape, json, name);
      case Shape.Choice(var type) ->
          Shapes.constant(type, json.asText()).orElseThrow(() -> wrong(shape, json, name));
      case Shape.Hidden() ->
          throw new IllegalArgumentException("'" + name + "' is secret and was not written down");
    };
  }

  private static Expression condition(String text) {
    var problems = new Problems();
    var expression = Expression.parse(text, Place.NONE, problems);
    problems.throwIfAny();
    return expression;
  }

  private static Object time(Shape shape, JsonNode json, String name) {
    try {
      return shape instanceof Shape.Span
          ? Duration.parse(json.asText())
          : Instant.parse(json.asText());
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(wrong(shape, json, name).getMessage(), e);
    }
  }

  private static Object list(Shape item, JsonNode json, String name) {
    List<Object> items = new ArrayList<>();
    for (var each : json) {
      items.add(value(item, each, name + "[" + items.size() + "]"));
    }
    return List.copyOf(items);
  }

  private static Object map(Shape each, JsonNode json, String name) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (var entry : json.properties()) {
      values.put(entry.getKey(), value(each, entry.getValue(), name + "." + entry.getKey()));
    }
    return Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values));
  }

  private static JsonNode checked(boolean fits, Shape shape, JsonNode json, String name) {
    if (!fits) {
      throw wrong(shape, json, name);
    }
    return json;
  }

  private static IllegalArgumentException wrong(Shape shape, JsonNode json, String name) {
    return new IllegalArgumentException(
        "'" + name + "' must be " + Expected.by(shape) + ", found " + json);
  }
}
