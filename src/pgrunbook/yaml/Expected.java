package pgrunbook.yaml;

/** How messages and docs call what a shape takes. */
final class Expected {
  private Expected() {}

  static String by(Shape shape) {
    return switch (shape) {
      case Shape.Text(), Shape.Hidden() -> "a text";
      case Shape.Bool() -> "true or false";
      case Shape.Whole _ -> "a whole number";
      case Shape.Decimal() -> "a number";
      case Shape.Span() -> "a duration";
      case Shape.Moment() -> "a time such as 2026-01-31T12:00:00Z";
      case Shape.Choice(var type) -> "one of " + String.join(", ", Shapes.choices(type));
      case Shape.Any() -> "a single value";
      case Shape.ListOf _ -> "a list";
      case Shape.MapOf _, Shape.Nested _ -> "a mapping";
      case Shape.Raw(var type) when type == YamlNode.Sequence.class -> "a list";
      case Shape.Raw(var type) when type == YamlNode.Scalar.class -> "a single value";
      case Shape.Raw _ -> "a mapping";
      case Shape.Condition() -> "an expression";
      case Shape.Maybe(var inner) -> by(inner);
      case Shape.LateOf(var inner) -> by(inner);
      case Shape.Where() -> "a place";
    };
  }
}
