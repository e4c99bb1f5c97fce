package pgrunbook.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static pgrunbook.testing.TestWorld.journaled;
import static pgrunbook.testing.TestWorld.undoing;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.action.Claim;
import pgrunbook.action.Effect;
import pgrunbook.action.Observed;
import pgrunbook.action.StepFailed;
import pgrunbook.expression.Late;
import pgrunbook.process.Deadline;
import pgrunbook.testing.ScriptedCompose;
import pgrunbook.testing.ScriptedServices;
import pgrunbook.testing.TestWorld;

class ServiceStopTest {
  private final ServiceStop action = new ServiceStop();
  private ScriptedServices scripted;
  private TestWorld world;

  @BeforeEach
  void two_services_run_and_one_is_stopped(@TempDir Path folder) {
    scripted = new ScriptedServices(folder).up("backend").up("worker");
    world = TestWorld.in(folder, "app").with(scripted.services("backend", "worker", "reports"));
  }

  @AfterEach
  void close() {
    world.close();
  }

  private ServiceStop.Input stop(String services) {
    return world.input(action, "services: [" + services + "]");
  }

  @Test
  void a_plan_shows_states_and_commands_and_changes_nothing() {
    // when
    var preview = action.preview(stop("backend, reports"), world.planning("stop"));
    // then
    assertThat(preview.effect()).isEqualTo(Effect.MUTATING);
    assertThat(preview.problems()).isEmpty();
    assertThat(preview.commands())
        .containsExactly("./service.sh stop backend", "./service.sh stop reports");
    assertThat(preview.facts())
        .extracting(fact -> fact.name() + " " + fact.value())
        .containsExactly("service backend running", "service reports stopped");
    assertThat(preview.leaves())
        .containsExactly(
            new Claim.Owes("service:backend", "service backend is stopped"),
            new Claim.Owes("service:reports", "service reports is stopped"));
    assertThat(scripted.calls()).isEmpty();
  }

  @Test
  void a_service_that_nobody_knows_is_a_problem_with_what_was_meant() {
    var preview = action.preview(stop("bakend"), world.planning("stop"));
    assertThat(preview.problems())
        .singleElement()
        .hasToString("unknown service 'bakend'\n  hint: did you mean 'backend'?");
  }

  @Test
  void a_list_that_is_written_empty_is_a_problem() {
    var preview = action.preview(stop(""), world.planning("stop"));
    assertThat(preview.problems()).extracting(p -> p.what()).containsExactly("no service is named");
  }

  @Test
  void simulated_services_take_every_name_and_say_that_they_are_simulated(@TempDir Path folder) {
    try (var simulated = TestWorld.in(folder, "app")) {
      var preview = action.preview(stop("anything"), simulated.planning("stop"));
      assertThat(preview.problems()).isEmpty();
      assertThat(preview.commands()).containsExactly("(simulated) stop anything");
    }
  }

  @Test
  void services_that_only_a_run_can_know_are_shown_as_such() {
    // given
    var pending = new Late.Pending<List<String>>("‹start/intent.were_stopped›", Set.of("start"));
    // when
    var preview = action.preview(new ServiceStop.Input(pending), world.planning("start/undo"));
    // then
    assertThat(preview.problems()).isEmpty();
    assertThat(preview.commands()).containsExactly("stop each of ‹start/intent.were_stopped›");
    assertThat(preview.unknown()).hasSize(1);
  }

  @Test
  void what_runs_is_stopped_and_named() throws Exception {
    // given
    var in = stop("backend, reports");
    var intent = action.intend(in, Optional.empty(), world.look("stop"));
    // when
    var output = action.run(in, intent, world.act("stop"));
    // then
    assertThat(scripted.isUp("backend")).isFalse();
    assertThat(scripted.calls()).containsExactly("stop backend");
    assertThat(output.stopped()).containsExactly("backend");
    assertThat(world.log()).contains("service backend is stopped");
  }

  @Test
  void a_service_in_an_unknown_state_is_stopped_too() throws Exception {
    // given
    var in = stop("backend");
    scripted.unclear("backend");
    // when
    var preview = action.preview(in, world.planning("stop"));
    var intent = action.intend(in, Optional.empty(), world.look("stop"));
    // then
    assertThat(preview.unknown()).singleElement().asString().contains("backend", "no answer");
    assertThat(intent.wereRunning()).containsExactly("backend");
  }

  @Test
  void a_command_that_fails_fails_the_step_with_its_words() {
    // given
    var in = stop("worker");
    scripted.broken("worker");
    var intent = action.intend(in, Optional.empty(), world.look("stop"));
    // then
    assertThatThrownBy(() -> action.run(in, intent, world.act("stop")))
        .isInstanceOf(StepFailed.class)
        .hasMessage("cannot stop service 'worker': exit code 7: cannot stop worker")
        .extracting("hint", type(Optional.class))
        .isEqualTo(Optional.of("the command was: ./service.sh stop worker"));
  }

  @Test
  void a_deadline_that_is_over_fails_the_step() {
    var in = stop("worker");
    var intent = action.intend(in, Optional.empty(), world.look("stop"));
    var act = world.act("stop", Deadline.in(Duration.ZERO));
    assertThatThrownBy(() -> action.run(in, intent, act)).isInstanceOf(StepFailed.class);
  }

  @Test
  void a_crash_before_anything_was_stopped_is_not_done() {
    var in = stop("backend, worker");
    var intent = journaled(action.intend(in, Optional.empty(), world.look("stop")));
    assertThat(action.inspect(in, intent, world.look("stop"))).isEqualTo(new Observed.NotDone<>());
  }

  @Test
  void a_crash_half_way_is_partly_and_the_next_attempt_remembers_what_ran_at_first()
      throws Exception {
    // given
    var in = stop("backend, worker");
    var first = journaled(action.intend(in, Optional.empty(), world.look("stop")));
    scripted.down("backend");
    // when
    var observed = action.inspect(in, first, world.look("stop"));
    var second = action.intend(in, Optional.of(first), world.look("stop"));
    var output = action.run(in, second, world.act("stop"));
    // then
    assertThat(observed).isEqualTo(new Observed.Partly<>("still running: worker"));
    assertThat(output.stopped()).containsExactly("backend", "worker");
    assertThat(scripted.calls()).containsExactly("stop worker");
  }

  @Test
  void a_crash_after_all_was_stopped_is_done_with_the_same_output() throws Exception {
    // given
    var in = stop("backend, reports");
    var intent = journaled(action.intend(in, Optional.empty(), world.look("stop")));
    var output = action.run(in, intent, world.act("stop"));
    // then
    assertThat(action.inspect(in, intent, world.look("stop")))
        .isEqualTo(new Observed.Done<>(output));
  }

  @Test
  void a_service_of_which_a_part_runs_is_stopped_too(@TempDir Path folder) throws Exception {
    // given
    var compose = new ScriptedCompose(folder).up("backend").partly("worker", "paused");
    var other = world.with(compose.states());
    var in = other.input(action, "services: [backend, worker]");
    // when
    var preview = action.preview(in, other.planning("stop"));
    var intent = action.intend(in, Optional.empty(), other.look("stop"));
    var before = action.inspect(in, intent, other.look("stop"));
    compose.down("backend");
    var between = action.inspect(in, intent, other.look("stop"));
    var output = action.run(in, intent, other.act("stop"));
    // then
    assertThat(preview.facts())
        .extracting(fact -> fact.name() + ": " + fact.value())
        .containsExactly(
            "service backend: running, healthy, restart: always",
            "service worker: partly running: paused");
    assertThat(before)
        .isEqualTo(
            new Observed.Partly<>("still running: backend; partly running: worker (paused)"));
    assertThat(between).isEqualTo(new Observed.Partly<>("partly running: worker (paused)"));
    assertThat(compose.calls()).containsExactly("stop worker");
    assertThat(output.stopped()).containsExactly("backend", "worker");
    assertThat(action.inspect(in, intent, other.look("stop")))
        .isEqualTo(new Observed.Done<>(output));
  }

  @Test
  void a_check_without_an_answer_is_unknown() {
    // given
    var in = stop("backend");
    var intent = action.intend(in, Optional.empty(), world.look("stop"));
    scripted.unclear("backend");
    // then
    assertThat(action.inspect(in, intent, world.look("stop"))).isInstanceOf(Observed.Unknown.class);
  }

  @Test
  void undoing_starts_what_had_run_and_nothing_else() throws Exception {
    // given
    var in = stop("backend, reports");
    var intent = journaled(action.intend(in, Optional.empty(), world.look("stop")));
    action.run(in, intent, world.act("stop"));
    // when
    var call = action.undo(in, world.look("stop")).orElseThrow();
    var start = new ServiceStart();
    var undo = world.input(start, "services: " + call.with().get("services"), undoing(intent));
    start.run(undo, start.intend(undo, Optional.empty(), world.look("u")), world.act("stop/undo"));
    // then
    assertThat(call.action()).isEqualTo("service.start");
    assertThat(scripted.isUp("backend")).isTrue();
    assertThat(scripted.isUp("reports")).isFalse();
  }
}
