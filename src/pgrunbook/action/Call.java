package pgrunbook.action;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An action and what it is given, as text in which expressions may stand.
 *
 * @param when only where this holds; always, where it is empty
 */
public record Call(String action, Map<String, String> with, Optional<String> when) {
  public Call {
    with = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(with));
  }

  public Call(String action, Map<String, String> with) {
    this(action, with, Optional.empty());
  }

  public Call when(String expression) {
    return new Call(action, with, Optional.of(expression));
  }
}
