package pgrunbook.journal;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a journal knows about one step.
 *
 * @param intent of the latest attempt
 * @param outputs of the attempt that finished; empty as long as none did
 * @param certain whether the end of a failed attempt was seen, so that nothing of it goes on
 * @param said why it failed, was skipped or is unknown
 */
public record StepState(
    String path,
    String action,
    int actionVersion,
    Status status,
    int attempts,
    Optional<ObjectNode> input,
    Optional<ObjectNode> intent,
    ObjectNode outputs,
    Optional<Instant> startedAt,
    Optional<Duration> took,
    boolean certain,
    String said) {

  /** How far a step is, as far as the journal says. */
  public enum Status {
    /** No attempt, or one that was found to have done nothing. */
    NOT_DONE,
    /** The intent is written; whether the effect happened is not known yet. */
    STARTED,
    FINISHED,
    FAILED,
    INTERRUPTED,
    PARTLY,
    UNKNOWN,
    /** It failed, and the run went on; what it did is still to be undone. */
    CONTINUED,
    SKIPPED;

    /** Whether somebody has to look before a new attempt. */
    public boolean isOpen() {
      return switch (this) {
        case STARTED, FAILED, INTERRUPTED, PARTLY, UNKNOWN -> true;
        case NOT_DONE, FINISHED, CONTINUED, SKIPPED -> false;
      };
    }

    /** Whether the step may have changed something. */
    public boolean mayHaveHadEffect() {
      return isOpen() || this == FINISHED || this == CONTINUED;
    }
  }

  static StepState fresh(String path) {
    return new StepState(
        path,
        "",
        0,
        Status.NOT_DONE,
        0,
        Optional.empty(),
        Optional.empty(),
        JsonNodeFactory.instance.objectNode(),
        Optional.empty(),
        Optional.empty(),
        false,
        "");
  }

  StepState started(Entry entry) {
    return new StepState(
        path,
        entry.text("action"),
        entry.data().path("action_version").asInt(),
        Status.STARTED,
        attempts + 1,
        object(entry, "input"),
        object(entry, "intent"),
        outputs,
        Optional.of(entry.at()),
        Optional.empty(),
        false,
        "");
  }

  StepState said(String why) {
    return new StepState(
        path,
        action,
        actionVersion,
        status,
        attempts,
        input,
        intent,
        outputs,
        startedAt,
        took,
        certain,
        why);
  }

  StepState ended(Entry entry, Status status, String said) {
    return new StepState(
        path,
        action,
        actionVersion,
        status,
        attempts,
        input,
        intent,
        object(entry, "outputs").orElse(outputs),
        startedAt,
        startedAt.map(start -> Duration.between(start, entry.at())),
        entry.data().path("certain").asBoolean(),
        said);
  }

  private static Optional<ObjectNode> object(Entry entry, String name) {
    return entry.data().get(name) instanceof ObjectNode node ? Optional.of(node) : Optional.empty();
  }
}
