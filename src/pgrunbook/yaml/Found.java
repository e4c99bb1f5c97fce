package pgrunbook.yaml;

import java.util.List;
import pgrunbook.expression.Late;

/** How a message names what stands where something else was expected. */
final class Found {
  private static final int LONGEST = 40;

  private Found() {}

  static String shown(YamlNode node) {
    return switch (node) {
      case YamlNode.Mapping _ -> "a mapping";
      case YamlNode.Sequence _ -> "a list";
      case YamlNode.Scalar scalar when scalar.isNull() -> "nothing";
      case YamlNode.Scalar scalar -> shown(scalar.text(), scalar.plain());
    };
  }

  /** An expression's value is not shown, as it may be secret. */
  static String shown(Object value) {
    return switch (value) {
      case Boolean _ -> "true or false";
      case Number _ -> "a number";
      case List<?> _ -> "a list";
      case Late<?> late -> late.shown();
      default -> "a text";
    };
  }

  private static String shown(String text, boolean plain) {
    var line = text.strip().replaceAll("\\s+", " ");
    var brief = line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
    return plain ? "'" + brief + "'" : "the text '" + brief + "'";
  }
}
