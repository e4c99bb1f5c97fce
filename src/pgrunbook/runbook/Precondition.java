package pgrunbook.runbook;

import pgrunbook.expression.Expression;
import pgrunbook.text.Place;
import pgrunbook.yaml.Doc;

/** A condition that must hold before anything is done. */
public record Precondition(
    @Doc("expression that must be true") Expression that,
    @Doc("what the operator reads where it is not") String message,
    Place place) {}
