package pgrunbook.yaml;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import pgrunbook.text.Place;
import pgrunbook.text.Problems;

/** Reads the YAML in a {@link Default}. */
final class Defaults {
  /** There are a few dozen, and each is missing in nearly every step. */
  private static final Map<String, YamlNode> READ = new ConcurrentHashMap<>();

  private Defaults() {}

  /** The default's tree; all of it stands where the mapping stands in which it is missing. */
  static YamlNode parse(String text, Place at) {
    return moved(READ.computeIfAbsent(text, Defaults::read), at);
  }

  private static YamlNode read(String text) {
    var problems = new Problems();
    var node = new Composing(text, Place.in("@Default"), problems).document();
    problems.throwIfAny();
    return node.orElseThrow();
  }

  private static YamlNode moved(YamlNode node, Place at) {
    return switch (node) {
      case YamlNode.Scalar(_, var text, var plain) -> new YamlNode.Scalar(at, text, plain);
      case YamlNode.Sequence(_, var items) ->
          new YamlNode.Sequence(at, items.stream().map(item -> moved(item, at)).toList());
      case YamlNode.Mapping(_, var entries) -> {
        Map<String, YamlNode.Entry> moved = new LinkedHashMap<>();
        entries.forEach(
            (key, entry) -> moved.put(key, new YamlNode.Entry(at, moved(entry.value(), at))));
        yield new YamlNode.Mapping(at, moved);
      }
    };
  }
}
