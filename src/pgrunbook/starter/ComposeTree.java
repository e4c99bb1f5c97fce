package pgrunbook.starter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Place;
import pgrunbook.text.Problem;

/**
 * Compose files as plain maps and lists. They are other people's, so anchors, merge keys and
 * Compose's own tags are read here, which this program's own files may not have.
 */
final class ComposeTree {
  private ComposeTree() {}

  /** Takes Compose's <code>!reset</code> and <code>!override</code> for what they stand before. */
  private static final class AnyTag extends SafeConstructor {
    AnyTag() {
      super(new LoaderOptions());
      yamlMultiConstructors.put(
          "!",
          new AbstractConstruct() {
            @Override
            public Object construct(Node node) {
              return switch (node) {
                case MappingNode it -> constructMapping(it);
                case SequenceNode it -> constructSequence(it);
                case ScalarNode it -> constructScalar(it);
                default -> "";
              };
            }
          });
    }
  }

  /**
   * Reads one.
   *
   * @param shown what problems call it
   * @throws InvalidInput where it is no YAML of that kind
   */
  static Map<?, ?> read(String text, String shown) {
    try {
      return map(new Yaml(new AnyTag()).load(text));
    } catch (MarkedYAMLException e) {
      var mark = e.getProblemMark();
      var at =
          mark == null
              ? Place.in(shown)
              : new Place(shown, mark.getLine() + 1, mark.getColumn() + 1);
      throw new InvalidInput(new Problem(at, String.valueOf(e.getProblem()), Optional.empty()));
    } catch (YAMLException e) {
      throw new InvalidInput(Problem.of(shown + " cannot be read as YAML: " + e.getMessage()));
    }
  }

  /** The second laid over the first, as Compose does: maps are joined, lists too. */
  static Map<?, ?> merged(Map<?, ?> base, Map<?, ?> over) {
    var all = new LinkedHashMap<Object, Object>(base);
    over.forEach((key, value) -> all.merge(key, value == null ? "" : value, ComposeTree::merged));
    return all;
  }

  private static Object merged(Object base, Object over) {
    if (base instanceof Map<?, ?> one && over instanceof Map<?, ?> two) {
      return merged(one, two);
    }
    if (base instanceof List<?> one && over instanceof List<?> two) {
      var all = new ArrayList<Object>(one);
      all.addAll(two);
      return all;
    }
    return over;
  }

  /** It, or an empty one where it is something else. */
  static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  /** It, one value as a list of one, or an empty one where there is nothing. */
  static List<?> list(@Nullable Object value) {
    return switch (value) {
      case null -> List.of();
      case List<?> it -> it;
      case Map<?, ?> _ -> List.of();
      default -> List.of(value);
    };
  }

  static String text(@Nullable Object value) {
    return value == null ? "" : String.valueOf(value);
  }
}
