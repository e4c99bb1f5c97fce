package pgrunbook.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import pgrunbook.journal.StepState.Status;

class RunStateTest {
  private final List<Entry> entries = new ArrayList<>();

  private void entry(String event, Consumer<ObjectNode> fill) {
    var data = JsonNodeFactory.instance.objectNode();
    fill.accept(data);
    var at = Instant.parse("2026-01-15T12:00:00Z").plusSeconds(entries.size());
    entries.add(new Entry(entries.size() + 1L, at, event, data));
  }

  private void step(String event, String step) {
    entry(event, data -> data.put("step", step));
  }

  private RunState state() {
    var state = new RunState();
    entries.forEach(state::take);
    return state;
  }

  @Test
  void a_step_that_finished_keeps_its_outputs() {
    // given
    step(Event.STARTED, "backup");
    entry(
        Event.FINISHED,
        data -> data.put("step", "backup").putObject("outputs").put("file", "b.dump"));
    step(Event.STARTED, "restore");
    // when
    var state = state();
    // then
    assertThat(state.step("backup").status()).isEqualTo(Status.FINISHED);
    assertThat(state.step("backup").outputs().path("file").asText()).isEqualTo("b.dump");
    assertThat(state.step("restore").status()).isEqualTo(Status.STARTED);
    assertThat(state.step("restore").status().isOpen()).isTrue();
    assertThat(state.status()).isEqualTo("unfinished");
  }

  @Test
  void a_step_of_which_the_journal_has_no_word_was_not_done() {
    assertThat(state().step("restore").status()).isEqualTo(Status.NOT_DONE);
    assertThat(state().step("restore").status().mayHaveHadEffect()).isFalse();
  }

  @Test
  void attempts_are_counted_and_the_latest_intent_counts() {
    // given
    entry(Event.STARTED, data -> data.put("step", "a").putObject("intent").put("oid", 1));
    step(Event.FAILED, "a");
    entry(Event.STARTED, data -> data.put("step", "a").putObject("intent").put("oid", 2));
    // when
    var step = state().step("a");
    // then
    assertThat(step.attempts()).isEqualTo(2);
    assertThat(step.intent().orElseThrow().path("oid").asInt()).isEqualTo(2);
  }

  @Test
  void what_was_observed_replaces_what_was_feared() {
    // given
    step(Event.STARTED, "a");
    entry(Event.OBSERVED, data -> data.put("step", "a").put("found", "partly").put("what", "half"));
    // when, then
    assertThat(state().step("a").status()).isEqualTo(Status.PARTLY);
    assertThat(state().step("a").said()).isEqualTo("half");
    // and when
    entry(Event.OBSERVED, data -> data.put("step", "a").put("found", "not_done"));
    // then
    assertThat(state().step("a").status()).isEqualTo(Status.NOT_DONE);
  }

  @Test
  void a_word_that_nobody_knows_is_no_reason_to_go_on() {
    // given
    step(Event.STARTED, "a");
    entry(Event.OBSERVED, data -> data.put("step", "a").put("found", "perhaps"));
    // when, then
    assertThat(state().step("a").status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void a_rollback_takes_a_run_up_that_was_over() {
    // given
    entry(Event.OVER, data -> data.put("status", "done"));
    assertThat(state().isOver()).isTrue();
    // when
    entry(Event.ROLLBACK, _ -> {});
    // then
    assertThat(state().isOver()).isFalse();
    assertThat(state().isRollingBack()).isTrue();
    assertThat(state().status()).isEqualTo("rolling_back");
  }

  @Test
  void an_undo_is_a_step_of_its_own() {
    // given
    step(Event.STARTED, "recreate");
    step(Event.FINISHED, "recreate");
    step(Event.STARTED, "recreate/undo");
    // when, then
    assertThat(state().step("recreate").status()).isEqualTo(Status.FINISHED);
    assertThat(state().step("recreate/undo").status()).isEqualTo(Status.STARTED);
  }
}
