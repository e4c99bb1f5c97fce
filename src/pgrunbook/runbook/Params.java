package pgrunbook.runbook;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import pgrunbook.text.Closest;
import pgrunbook.text.Place;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;

/** Makes the values of a runbook's params from what was given and from their defaults. */
public final class Params {
  private Params() {}

  /**
   * A String, Long or Boolean for each param that has a value, in the runbook's order. What is
   * unknown, missing or of a wrong kind is a problem; no problem shows a value.
   */
  public static Map<String, Object> resolve(
      Runbook runbook, Map<String, String> given, Problems problems) {
    for (var name : given.keySet()) {
      if (!runbook.params().containsKey(name)) {
        var hint = Closest.hint(name, runbook.params().keySet());
        problems.add(Place.NONE, "unknown param '" + name + "'", hint);
      }
    }
    Map<String, Object> values = new LinkedHashMap<>();
    runbook
        .params()
        .forEach((name, param) ->
            value(name, param, Optional.ofNullable(given.get(name)), problems)
                .ifPresent(value -> values.put(name, value)));
    return Collections.unmodifiableMap(values);
  }

  private static Optional<Object> value(
      String name, Param param, Optional<String> given, Problems problems) {
    var hint = Optional.of(param.description()).filter(text -> !text.isBlank());
    if (given.isEmpty()) {
      if (param.defaultValue().isEmpty()) {
        problems.add(new Problem(Place.NONE, "param '" + name + "' is missing", hint));
      }
      return param.defaultValue();
    }
    try {
      return Optional.of(param.read(given.get()));
    } catch (IllegalArgumentException e) {
      problems.add(new Problem(Place.NONE, "param '" + name + "' " + e.getMessage(), hint));
      return Optional.empty();
    }
  }
}
