package pgrunbook.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Consumer;
import pgrunbook.action.Kind;
import pgrunbook.action.StepPath;
import pgrunbook.journal.Entry;
import pgrunbook.journal.Event;
import pgrunbook.journal.Journal;
import pgrunbook.journal.RunState;
import pgrunbook.journal.StepState;
import pgrunbook.plan.MaskedJson;
import pgrunbook.text.Masking;
import pgrunbook.text.Problem;
import pgrunbook.yaml.Records;

/**
 * Writes a run's journal and keeps the state that it adds up to. What a step was given is masked;
 * its intent and outputs are read back, so their actions keep secrets out of them.
 */
public final class Recorder {
  private final Journal journal;
  private final RunState state;
  private final Masking masking;
  private final List<StepPath> leftOpen;

  /** Goes on where an earlier process, if there was one, left the journal. */
  public Recorder(Journal journal, RunState state, Masking masking) {
    this.journal = journal;
    this.state = state;
    this.masking = masking;
    this.leftOpen =
        state.steps().stream()
            .filter(step -> step.status().isOpen())
            .map(step -> new StepPath(step.path()))
            .toList();
  }

  /** What that process had not ended, whatever an operator has decided since. */
  List<StepPath> leftOpen() {
    return leftOpen;
  }

  public RunState state() {
    return state;
  }

  StepState step(StepPath path) {
    return state.step(path.text());
  }

  java.time.Instant now() {
    return journal.now();
  }

  /** Appends an event without a step. */
  public Entry append(String event, Consumer<ObjectNode> fill) {
    var entry = journal.append(event, fill);
    state.take(entry);
    return entry;
  }

  private void append(String event, StepPath path, Consumer<ObjectNode> fill) {
    append(
        event,
        data -> {
          data.put("step", path.text());
          fill.accept(data);
        });
  }

  void started(StepPath path, Kind<?, ?, ?> kind, Record input, Record intent) {
    append(
        Event.STARTED,
        path,
        data -> {
          data.put("action", kind.name());
          data.put("action_version", kind.version());
          data.set("input", MaskedJson.of(Records.toJson(input), masking));
          data.set("intent", Records.toJson(intent));
        });
  }

  ObjectNode finished(StepPath path, Record outputs) {
    var json = Records.toJson(outputs);
    append(Event.FINISHED, path, data -> data.set("outputs", json));
    return json;
  }

  void failed(StepPath path, Problem problem, boolean certain) {
    append(
        Event.FAILED,
        path,
        data -> {
          data.put("what", masking.mask(problem.what()));
          problem.hint().ifPresent(hint -> data.put("hint", masking.mask(hint)));
          data.put("certain", certain);
        });
  }

  void interrupted(StepPath path) {
    append(Event.INTERRUPTED, path, _ -> {});
  }

  void skipped(StepPath path, String why) {
    append(Event.SKIPPED, path, data -> data.put("why", masking.mask(why)));
  }

  void continued(StepPath path, String what) {
    append(Event.CONTINUED, path, data -> data.put("what", masking.mask(what)));
  }

  void refused(StepPath path, String what) {
    append(Event.REFUSED, path, data -> data.put("what", masking.mask(what)));
  }

  void observed(StepPath path, String found, String what) {
    append(
        Event.OBSERVED,
        path,
        data -> {
          data.put("found", found);
          data.put("what", masking.mask(what));
        });
  }

  ObjectNode observedDone(StepPath path, Record outputs) {
    var json = Records.toJson(outputs);
    append(
        Event.OBSERVED,
        path,
        data -> {
          data.put("found", "done");
          data.set("outputs", json);
        });
    return json;
  }

  void ghosts(StepPath path, int ended) {
    append(Event.GHOSTS, path, data -> data.put("ended", ended));
  }

  void programs(StepPath path, List<String> ended) {
    append(
        Event.GHOSTS,
        path,
        data -> {
          var programs = data.putArray("programs");
          ended.forEach(programs::add);
        });
  }

  void again(StepPath path, String what) {
    append(Event.AGAIN, path, data -> data.put("what", masking.mask(what)));
  }
}
