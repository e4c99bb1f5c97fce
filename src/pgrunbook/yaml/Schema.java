package pgrunbook.yaml;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import pgrunbook.text.Place;

/** What editors and other tools may know of a record: a JSON Schema, from what binds it. */
public final class Schema {
  /** The dialect that the schemas are written in. */
  public static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String EXPRESSION = "\\$\\{";

  private final boolean expressions;

  private Schema(boolean expressions) {
    this.expressions = expressions;
  }

  /** The schema of a mapping that is bound to that record, where expressions are evaluated. */
  public static ObjectNode of(Class<? extends Record> type) {
    return new Schema(true).object(type);
  }

  /** As <code>of</code>, for a mapping in which expressions make no sense. */
  public static ObjectNode withoutExpressions(Class<? extends Record> type) {
    return new Schema(false).object(type);
  }

  /** A schema as the text of a file of its own. */
  public static String document(String title, ObjectNode schema) {
    var document = JSON.objectNode().put("$schema", DIALECT).put("title", title);
    document.setAll(schema);
    return document.toPrettyString().replace("\r\n", "\n") + "\n";
  }

  private ObjectNode object(Class<? extends Record> type) {
    var object = typed("object");
    var properties = JSON.objectNode();
    var required = JSON.arrayNode();
    for (var component : Component.of(type)) {
      if (component.isWritten()) {
        properties.set(component.key(), property(component));
      }
      if (component.isRequired()) {
        required.add(component.key());
      }
    }
    object.set("properties", properties);
    if (!required.isEmpty()) {
      object.set("required", required);
    }
    return object.put("additionalProperties", false);
  }

  private ObjectNode property(Component component) {
    var property = JSON.objectNode();
    component.doc().ifPresent(doc -> property.put("description", doc));
    property.setAll(shape(component.shape()));
    component
        .byDefault()
        .map(text -> Shown.asWritten(Defaults.parse(text, Place.NONE)))
        .ifPresent(value -> property.set("default", value));
    return property;
  }

  private ObjectNode shape(Shape shape) {
    return switch (shape) {
      case Shape.Text(), Shape.Hidden(), Shape.Any() -> scalar();
      case Shape.Bool() -> orExpression(typed("boolean"));
      case Shape.Whole _ -> orExpression(typed("integer"));
      case Shape.Decimal() -> orExpression(typed("number"));
      case Shape.Span() -> orExpression(typed("string").put("pattern", Spans.PATTERN));
      case Shape.Moment() -> orExpression(typed("string").put("format", "date-time"));
      case Shape.Choice(var type) -> {
        var choices = JSON.arrayNode();
        Shapes.choices(type).forEach(choices::add);
        var object = JSON.objectNode();
        object.set("enum", choices);
        yield orExpression(object);
      }
      case Shape.ListOf(var item) -> {
        var list = typed("array");
        list.set("items", shape(item));
        yield orExpression(list);
      }
      case Shape.MapOf(var each) -> {
        var map = typed("object");
        map.set("additionalProperties", shape(each));
        yield map;
      }
      case Shape.Maybe(var inner) -> shape(inner);
      case Shape.LateOf(var inner) -> new Schema(true).shape(inner);
      case Shape.Nested(var type) -> object(type);
      case Shape.Raw(var type) when type == YamlNode.Mapping.class -> typed("object");
      case Shape.Raw(var type) when type == YamlNode.Sequence.class -> typed("array");
      case Shape.Raw(_), Shape.Where() -> JSON.objectNode();
      case Shape.Condition() -> {
        var condition = JSON.objectNode();
        condition.set("type", JSON.arrayNode().add("string").add("boolean"));
        yield condition;
      }
    };
  }

  /** A text may look like a number: it is kept as written. */
  private static ObjectNode scalar() {
    var scalar = JSON.objectNode();
    scalar.set("type", JSON.arrayNode().add("string").add("number").add("boolean"));
    return scalar;
  }

  private ObjectNode orExpression(ObjectNode schema) {
    if (!expressions) {
      return schema;
    }
    var either = JSON.objectNode();
    var expression = typed("string").put("pattern", EXPRESSION);
    either.set("anyOf", JSON.arrayNode().add(schema).add(expression));
    return either;
  }

  private static ObjectNode typed(String type) {
    return JSON.objectNode().put("type", type);
  }
}
