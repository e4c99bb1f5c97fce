package pgrunbook.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import pgrunbook.expression.Late;
import pgrunbook.expression.Scope;
import pgrunbook.expression.Template;
import pgrunbook.text.Problems;

/** YAML as a plan shows it: expressions evaluated, what only a run can know as <code>‹…›</code>. */
public final class Shown {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Shown() {}

  /**
   * The tree as JSON; an expression with a problem, which is reported elsewhere, stays as it is.
   */
  public static JsonNode tree(YamlNode node, Scope scope) {
    return switch (node) {
      case YamlNode.Mapping mapping -> {
        var object = JSON.objectNode();
        mapping.entries().forEach((key, entry) -> object.set(key, tree(entry.value(), scope)));
        yield object;
      }
      case YamlNode.Sequence sequence -> {
        var array = JSON.arrayNode();
        sequence.items().forEach(item -> array.add(tree(item, scope)));
        yield array;
      }
      case YamlNode.Scalar scalar when scalar.text().contains("${") -> evaluated(scalar, scope);
      case YamlNode.Scalar scalar -> Values.json(written(scalar));
    };
  }

  /** The tree as JSON with its expressions as they were written. */
  static JsonNode asWritten(YamlNode node) {
    return switch (node) {
      case YamlNode.Mapping mapping -> {
        var object = JSON.objectNode();
        mapping.entries().forEach((key, entry) -> object.set(key, asWritten(entry.value())));
        yield object;
      }
      case YamlNode.Sequence sequence -> {
        var array = JSON.arrayNode();
        sequence.items().forEach(item -> array.add(asWritten(item)));
        yield array;
      }
      case YamlNode.Scalar scalar -> Values.json(written(scalar));
    };
  }

  private static Object written(YamlNode.Scalar scalar) {
    return scalar.plain() ? Scalars.natural(scalar.text()) : scalar.text();
  }

  private static JsonNode evaluated(YamlNode.Scalar scalar, Scope scope) {
    var late =
        Template.parse(scalar.text(), scalar.place(), new Problems())
            .evaluate(scope, new Problems());
    return switch (late.orElseGet(() -> Late.known(scalar.text()))) {
      case Late.Known<Object>(List<?> list) -> {
        var array = JSON.arrayNode();
        list.forEach(item -> array.add(Values.json(item)));
        yield array;
      }
      case Late.Known<Object>(var value) -> Values.json(value);
      case Late.Pending<Object>(var shown, var _) -> JSON.textNode(shown);
    };
  }
}
