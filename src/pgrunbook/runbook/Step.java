package pgrunbook.runbook;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import pgrunbook.expression.Expression;
import pgrunbook.text.Place;
import pgrunbook.yaml.Default;
import pgrunbook.yaml.Doc;
import pgrunbook.yaml.YamlNode;

/**
 * One step of a runbook.
 *
 * @param with the action's input as written; whoever knows the action binds it
 */
public record Step(
    @Doc("name of the step for other steps, commands and the journal") String id,
    @Doc("what people read; default: the id") Optional<String> name,
    @Doc("kind of step") String action,
    @Doc("input of the action") Optional<YamlNode.Mapping> with,
    @Doc("expression; where it is false the step is skipped") Optional<Expression> when,
    @Doc("earlier steps that must have been done, not skipped") @Default("[]")
        List<String> requires,
    @Doc("how long one attempt may take, such as 90s, 5m or 2h") Optional<Duration> timeout,
    @Doc("whether the step is tried again after it failed") @Default("{}") Retry retry,
    @Doc("what happens once the step has failed") @Default("stop") OnFailure onFailure,
    @Doc("what undoes the step, where the action's own way is not wanted") Optional<Undo> undo,
    @Doc("words by which steps are chosen") @Default("[]") List<String> tags,
    Place place) {
  public Step {
    requires = List.copyOf(requires);
    tags = List.copyOf(tags);
  }

  /** The name, or where there is none the id. */
  public String title() {
    return name.orElse(id);
  }
}
