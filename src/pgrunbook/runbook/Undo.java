package pgrunbook.runbook;

import java.util.Optional;
import pgrunbook.text.Place;
import pgrunbook.yaml.Doc;
import pgrunbook.yaml.YamlNode;

/** The call that undoes a step. */
public record Undo(
    @Doc("action that undoes the step") String action,
    @Doc("input of the action") Optional<YamlNode.Mapping> with,
    Place place) {}
