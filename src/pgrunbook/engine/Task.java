package pgrunbook.engine;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pgrunbook.action.Claim;
import pgrunbook.action.Fact;
import pgrunbook.action.StepPath;
import pgrunbook.expression.Scope;
import pgrunbook.runbook.Retry;
import pgrunbook.text.Place;
import pgrunbook.yaml.YamlNode;

/**
 * A call to be carried out as a step of a run.
 *
 * @param planned what the plan found out, to be compared right before the effect
 */
record Task(
    StepPath path,
    String title,
    String action,
    YamlNode.Mapping with,
    Place place,
    Scope scope,
    List<Claim> held,
    Map<String, String> foreseen,
    List<Fact> planned,
    Optional<Duration> timeout,
    Retry retry) {}
