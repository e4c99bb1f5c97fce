package pgrunbook.runbook;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pgrunbook.text.Place;
import pgrunbook.yaml.YamlNode;

/**
 * A file of steps that people review.
 *
 * @param environment the name of the environment that it acts on, where none is asked for
 * @param vars not evaluated yet
 * @param source the file's text
 */
public record Runbook(
    String name,
    String description,
    Optional<String> environment,
    Map<String, Param> params,
    Map<String, YamlNode> vars,
    List<Precondition> preconditions,
    List<Step> steps,
    Place place,
    String source) {
  public Runbook {
    params = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(params));
    vars = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(vars));
    preconditions = List.copyOf(preconditions);
    steps = List.copyOf(steps);
  }

  /** The step with that id. */
  public Optional<Step> step(String id) {
    return steps.stream().filter(s -> s.id().equals(id)).findFirst();
  }
}
