package pgrunbook.journal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a journal says about its run when it is read from the first line to the last. */
public final class RunState {
  private final Map<String, StepState> steps = new LinkedHashMap<>();
  private final List<Entry> decisions = new ArrayList<>();
  private Optional<Entry> created = Optional.empty();
  private Optional<Entry> session = Optional.empty();
  private Optional<Instant> last = Optional.empty();
  private String over = "";
  private boolean rollingBack;

  /** Takes one more entry in. */
  public void take(Entry entry) {
    last = Optional.of(entry.at());
    switch (entry.event()) {
      case Event.CREATED -> created = Optional.of(entry);
      case Event.SESSION -> session = Optional.of(entry);
      case Event.OVER -> over = entry.text("status");
      case Event.ROLLBACK -> {
        rollingBack = true;
        over = "";
      }
      default -> takeStep(entry);
    }
  }

  private void takeStep(Entry entry) {
    var path = entry.text("step");
    if (path.isEmpty()) {
      return;
    }
    var before = step(path);
    var after =
        switch (entry.event()) {
          case Event.STARTED -> before.started(entry);
          case Event.FINISHED -> before.ended(entry, StepState.Status.FINISHED, "");
          case Event.FAILED -> before.ended(entry, StepState.Status.FAILED, entry.text("what"));
          case Event.INTERRUPTED -> before.ended(entry, StepState.Status.INTERRUPTED, "");
          case Event.SKIPPED -> before.ended(entry, StepState.Status.SKIPPED, entry.text("why"));
          case Event.OBSERVED ->
              before.ended(entry, found(entry.text("found")), entry.text("what"));
          case Event.DECIDED -> {
            decisions.add(entry);
            yield before.ended(entry, found(entry.text("found")), "");
          }
          case Event.AGAIN ->
              before.ended(entry, StepState.Status.PARTLY, "no longer held: " + entry.text("what"));
          case Event.CONTINUED ->
              before.ended(entry, StepState.Status.CONTINUED, entry.text("what"));
          case Event.REFUSED -> before.said(entry.text("what"));
          default -> null; // about the run, not about how far the step is
        };
    if (after != null) {
      steps.put(path, after);
    }
  }

  private static StepState.Status found(String word) {
    return switch (word) {
      case "done" -> StepState.Status.FINISHED;
      case "not_done" -> StepState.Status.NOT_DONE;
      case "partly" -> StepState.Status.PARTLY;
      default -> StepState.Status.UNKNOWN;
    };
  }

  /** What is known of a step; that it was not done, where the journal has no word of it. */
  public StepState step(String path) {
    return steps.getOrDefault(path, StepState.fresh(path));
  }

  /** Every step of which the journal has a word, in the order of the first. */
  public List<StepState> steps() {
    return List.copyOf(steps.values());
  }

  /** What operators have said about steps of which nobody could tell how they ended. */
  public List<Entry> decisions() {
    return List.copyOf(decisions);
  }

  /** The entry that says what the run is. */
  public Optional<Entry> created() {
    return created;
  }

  /** The latest process that took the run up. */
  public Optional<Entry> session() {
    return session;
  }

  public Optional<Instant> lastAt() {
    return last;
  }

  /** A text of the entry that says what the run is. */
  public String about(String name) {
    return created.map(entry -> entry.text(name)).orElse("");
  }

  /** Whether nothing more is to be done for the run. */
  public boolean isOver() {
    return !over.isEmpty();
  }

  public boolean isRollingBack() {
    return rollingBack;
  }

  /** <code>done</code>, <code>rolled_back</code>, <code>abandoned</code>, or why it is not over. */
  public String status() {
    if (isOver()) {
      return over;
    }
    var latest = steps.values().stream().filter(step -> step.status().isOpen()).toList();
    if (latest.isEmpty()) {
      return rollingBack ? "rolling_back" : "unfinished";
    }
    return switch (latest.getLast().status()) {
      case FAILED, PARTLY -> rollingBack ? "rollback_failed" : "failed";
      case UNKNOWN -> "unknown";
      default -> rollingBack ? "rolling_back" : "unfinished";
    };
  }
}
