package pgrunbook.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static pgrunbook.testing.TestWorld.journaled;
import static pgrunbook.testing.TestWorld.undoing;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.action.Claim;
import pgrunbook.action.Observed;
import pgrunbook.action.StepFailed;
import pgrunbook.testing.ScriptedCompose;
import pgrunbook.testing.ScriptedServices;
import pgrunbook.testing.TestWorld;

class ServiceStartTest {
  private final ServiceStart action = new ServiceStart();
  private ScriptedServices scripted;
  private TestWorld world;

  @BeforeEach
  void one_service_runs_and_two_are_stopped(@TempDir Path folder) {
    scripted = new ScriptedServices(folder).up("reports");
    world = TestWorld.in(folder, "app").with(scripted.services("backend", "worker", "reports"));
  }

  @AfterEach
  void close() {
    world.close();
  }

  private ServiceStart.Input start(String services) {
    return world.input(action, "services: [" + services + "]");
  }

  @Test
  void a_plan_shows_what_is_given_back_and_changes_nothing() {
    // when
    var preview = action.preview(start("backend"), world.planning("start"));
    // then
    assertThat(preview.commands()).containsExactly("./service.sh start backend");
    assertThat(preview.leaves()).containsExactly(new Claim.Pays("service:backend"));
    assertThat(scripted.calls()).isEmpty();
  }

  @Test
  void what_is_stopped_is_started_and_named() throws Exception {
    // given
    var in = start("backend, reports");
    var intent = action.intend(in, Optional.empty(), world.look("start"));
    // when
    var output = action.run(in, intent, world.act("start"));
    // then
    assertThat(scripted.calls()).containsExactly("start backend");
    assertThat(output.started()).containsExactly("backend");
  }

  @Test
  void a_list_that_turns_out_empty_in_a_run_leaves_nothing_to_do() throws Exception {
    // given
    var scope = undoing(new ServiceStop.Intent(List.of()));
    var in = world.input(action, "services: ${step.intent.were_running}", scope);
    // when
    var preview = action.preview(in, world.look("stop/undo"));
    var intent = action.intend(in, Optional.empty(), world.look("stop/undo"));
    var output = action.run(in, intent, world.act("stop/undo"));
    // then
    assertThat(preview.problems()).isEmpty();
    assertThat(output.started()).isEmpty();
    assertThat(scripted.calls()).isEmpty();
    assertThat(action.inspect(in, intent, world.look("stop/undo")))
        .isEqualTo(new Observed.Done<>(output));
  }

  @Test
  void a_command_that_fails_fails_the_step() {
    var in = start("backend");
    scripted.broken("backend");
    var intent = action.intend(in, Optional.empty(), world.look("start"));
    assertThatThrownBy(() -> action.run(in, intent, world.act("start")))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("exit code 7: cannot start backend");
  }

  @Test
  void after_a_crash_the_states_tell_how_far_it_came() throws Exception {
    // given
    var in = start("backend, worker");
    var first = journaled(action.intend(in, Optional.empty(), world.look("start")));
    // then
    assertThat(action.inspect(in, first, world.look("start"))).isEqualTo(new Observed.NotDone<>());
    // when
    scripted.up("backend");
    // then
    assertThat(action.inspect(in, first, world.look("start")))
        .isEqualTo(new Observed.Partly<>("still stopped: worker"));
    // when
    var second = action.intend(in, Optional.of(first), world.look("start"));
    var output = action.run(in, second, world.act("start"));
    // then
    assertThat(output.started()).containsExactly("backend", "worker");
    assertThat(action.inspect(in, second, world.look("start")))
        .isEqualTo(new Observed.Done<>(output));
    // when
    scripted.unclear("worker");
    // then
    assertThat(action.inspect(in, second, world.look("start")))
        .isInstanceOf(Observed.Unknown.class);
  }

  @Test
  void a_service_of_which_a_part_runs_is_started_too(@TempDir Path folder) throws Exception {
    // given
    var compose = new ScriptedCompose(folder).partly("worker", "1 of 2 containers run");
    var other = world.with(compose.states());
    var in = other.input(action, "services: [postgres, worker]");
    // when
    var intent = action.intend(in, Optional.empty(), other.look("start"));
    var before = action.inspect(in, intent, other.look("start"));
    var output = action.run(in, intent, other.act("start"));
    // then
    assertThat(before)
        .isEqualTo(new Observed.Partly<>("partly running: worker (1 of 2 containers run)"));
    assertThat(compose.calls()).containsExactly("start worker");
    assertThat(output.started()).containsExactly("worker");
    assertThat(action.inspect(in, intent, other.look("start")))
        .isEqualTo(new Observed.Done<>(output));
  }

  @Test
  void undoing_stops_what_had_been_stopped_and_nothing_else() throws Exception {
    // given
    var in = start("backend, reports");
    var intent = journaled(action.intend(in, Optional.empty(), world.look("start")));
    action.run(in, intent, world.act("start"));
    // when
    var call = action.undo(in, world.look("start")).orElseThrow();
    var stop = new ServiceStop();
    var undo = world.input(stop, "services: " + call.with().get("services"), undoing(intent));
    stop.run(undo, stop.intend(undo, Optional.empty(), world.look("u")), world.act("start/undo"));
    // then
    assertThat(call.action()).isEqualTo("service.stop");
    assertThat(scripted.isUp("backend")).isFalse();
    assertThat(scripted.isUp("reports")).isTrue();
  }
}
