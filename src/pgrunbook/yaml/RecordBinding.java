package pgrunbook.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgrunbook.text.Closest;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;

/** The part of a binding that makes records: their keys, what is missing, and their defaults. */
final class RecordBinding {
  private final Binding binding;
  private final Problems problems;

  RecordBinding(Binding binding, Problems problems) {
    this.binding = binding;
    this.problems = problems;
  }

  <R extends Record> Optional<R> record(YamlNode.Mapping node, Class<R> type) {
    var components = Component.of(type);
    var complete = knowsAllKeys(node, components);
    var values = new ArrayList<>();
    for (var component : components) {
      var value = component(node, component);
      complete &= value.isPresent();
      value.ifPresent(values::add);
    }
    if (!complete) {
      return Optional.empty();
    }
    try {
      return Optional.of(Component.make(type, values));
    } catch (IllegalArgumentException e) {
      problems.add(node.place(), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private boolean knowsAllKeys(YamlNode.Mapping node, List<Component> components) {
    var known = components.stream().filter(Component::isWritten).map(Component::key).toList();
    var all = true;
    for (var entry : node.entries().entrySet()) {
      if (!known.contains(entry.getKey())) {
        problems.add(
            entry.getValue().key(),
            "unknown key '" + entry.getKey() + "'",
            Closest.hint(entry.getKey(), known));
        all = false;
      }
    }
    return all;
  }

  private Optional<Object> component(YamlNode.Mapping node, Component component) {
    if (component.shape() instanceof Shape.Where) {
      return Optional.of(node.place());
    }
    var key = component.key();
    var written =
        node.get(key)
            .or(() -> component.byDefault().map(text -> Defaults.parse(text, node.place())));
    if (written.isPresent()) {
      return binding.value(component.shape(), written.get(), key);
    }
    if (component.shape() instanceof Shape.Maybe) {
      return Optional.of(Optional.empty());
    }
    problems.add(new Problem(node.place(), "'" + key + "' is missing", component.doc()));
    return Optional.empty();
  }
}
