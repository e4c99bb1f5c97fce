package pgrunbook.plan;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pgrunbook.action.Action;
import pgrunbook.action.Call;
import pgrunbook.action.Registry;
import pgrunbook.expression.Scope;
import pgrunbook.text.Closest;
import pgrunbook.text.Place;
import pgrunbook.text.Problems;
import pgrunbook.yaml.Binder;
import pgrunbook.yaml.YamlNode;

/** Finds an action by its name and binds what is written under <code>with</code> to its input. */
public final class Binding {
  private Binding() {}

  /** The action and its input; empty where there are problems. */
  public static Optional<Bound<?, ?, ?>> bind(
      Registry registry,
      String name,
      YamlNode.Mapping with,
      Place place,
      Scope scope,
      Problems problems) {
    var action = registry.find(name);
    if (action.isEmpty()) {
      var hint = Closest.hint(name, registry.names());
      problems.add(place, "unknown action '" + name + "'", hint);
      return Optional.empty();
    }
    return bindTo(action.get(), with, scope, problems);
  }

  private static <I extends Record, N extends Record, O extends Record>
      Optional<Bound<?, ?, ?>> bindTo(
          Action<I, N, O> action, YamlNode.Mapping with, Scope scope, Problems problems) {
    return Binder.bind(with, action.kind().input(), scope, problems)
        .map(input -> new Bound<>(action, input));
  }

  /** A call's values as if they had been written in the file at that place. */
  public static YamlNode.Mapping written(Call call, Place place) {
    Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
    call.with()
        .forEach((key, text) ->
            entries.put(key, new YamlNode.Entry(place, new YamlNode.Scalar(place, text, true))));
    return new YamlNode.Mapping(place, entries);
  }

  /** A record's component names as they are written in YAML and JSON. */
  public static List<String> names(Class<? extends Record> type) {
    return Arrays.stream(type.getRecordComponents())
        .map(component -> snakeCase(component.getName()))
        .toList();
  }

  private static String snakeCase(String camelCase) {
    return camelCase.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(java.util.Locale.ROOT);
  }
}
