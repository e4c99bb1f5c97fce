package pgrunbook.action;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The actions that runbooks may use, by name. */
public final class Registry {
  private final Map<String, Action<?, ?, ?>> byName = new LinkedHashMap<>();

  /**
   * @throws IllegalArgumentException where two actions have one name
   */
  public Registry(List<Action<?, ?, ?>> actions) {
    for (var action : actions) {
      if (byName.put(action.kind().name(), action) != null) {
        throw new IllegalArgumentException("two actions are named " + action.kind().name());
      }
    }
  }

  public Optional<Action<?, ?, ?>> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  public Collection<Action<?, ?, ?>> all() {
    return byName.values();
  }

  public Collection<String> names() {
    return byName.keySet();
  }
}
