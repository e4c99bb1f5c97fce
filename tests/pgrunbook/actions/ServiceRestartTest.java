package pgrunbook.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static pgrunbook.testing.TestWorld.journaled;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.action.Call;
import pgrunbook.action.Claim;
import pgrunbook.action.Observed;
import pgrunbook.action.StepFailed;
import pgrunbook.testing.ScriptedCompose;
import pgrunbook.testing.ScriptedServices;
import pgrunbook.testing.TestWorld;

class ServiceRestartTest {
  private final ServiceRestart action = new ServiceRestart();
  private ScriptedServices scripted;
  private TestWorld world;

  @BeforeEach
  void two_services_run(@TempDir Path folder) {
    scripted = new ScriptedServices(folder).up("backend").up("worker");
    world = TestWorld.in(folder, "app").with(scripted.services("backend", "worker"));
  }

  @AfterEach
  void close() {
    world.close();
  }

  private ServiceRestart.Input restart(String services) {
    return world.input(action, "services: [" + services + "]");
  }

  private static ServiceRestart.Intent intent(String... services) {
    return new ServiceRestart.Intent(List.of(services));
  }

  @Test
  void a_plan_shows_both_commands_and_changes_nothing() {
    // when
    var preview = action.preview(restart("backend"), world.planning("restart"));
    // then
    assertThat(preview.commands())
        .containsExactly("./service.sh stop backend", "./service.sh start backend");
    assertThat(scripted.calls()).isEmpty();
    assertThat(preview.leaves())
        .containsExactly(
            new Claim.Owes("service:backend", "service backend is stopped"),
            new Claim.Pays("service:backend"));
  }

  @Test
  void services_are_restarted_one_after_the_other() throws Exception {
    // given
    var in = restart("backend, worker");
    // when
    var output = action.run(in, intent("backend", "worker"), world.act("restart"));
    // then
    assertThat(scripted.calls())
        .containsExactly("stop backend", "start backend", "stop worker", "start worker");
    assertThat(output.restarted()).containsExactly("backend", "worker");
  }

  @Test
  void a_service_that_does_not_stop_fails_the_step() {
    var in = restart("backend");
    scripted.broken("backend");
    assertThatThrownBy(() -> action.run(in, intent("backend"), world.act("restart")))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("cannot stop backend");
  }

  @Test
  void a_crash_leaves_it_stopped_or_it_is_restarted_once_more() throws Exception {
    // given
    var in = restart("backend");
    var first = journaled(action.intend(in, Optional.empty(), world.look("restart")));
    // then
    assertThat(action.inspect(in, first, world.look("restart")))
        .isEqualTo(new Observed.NotDone<>());
    // when
    scripted.down("backend");
    // then
    assertThat(action.inspect(in, first, world.look("restart")))
        .isEqualTo(new Observed.Partly<>("stopped, not started: backend"));
    // when
    action.run(
        in, action.intend(in, Optional.of(first), world.look("restart")), world.act("restart"));
    // then
    assertThat(scripted.calls()).containsExactly("start backend");
    assertThat(action.inspect(in, first, world.look("restart")))
        .isEqualTo(new Observed.NotDone<>());
    // and rolled back, it is started where it was left stopped
    assertThat(action.undo(in, world.look("restart")))
        .contains(new Call("service.start", Map.of("services", "${step.intent.services}")));
    assertThat(first.services()).containsExactly("backend");
  }

  @Test
  void a_crash_that_left_a_part_running_is_partly(@TempDir Path folder) throws Exception {
    // given
    var compose = new ScriptedCompose(folder).partly("worker", "paused");
    var other = world.with(compose.states());
    var in = other.input(action, "services: [backend, worker]");
    // when
    var observed = action.inspect(in, intent("backend", "worker"), other.look("restart"));
    action.run(in, intent("backend", "worker"), other.act("restart"));
    // then
    assertThat(observed)
        .isEqualTo(
            new Observed.Partly<>(
                "stopped, not started: backend; partly running: worker (paused)"));
    assertThat(compose.calls()).containsExactly("start backend", "stop worker", "start worker");
  }

  @Test
  void a_check_without_an_answer_is_unknown() {
    scripted.unclear("backend");
    var observed = action.inspect(restart("backend"), intent("backend"), world.look("restart"));
    assertThat(observed).isInstanceOf(Observed.Unknown.class);
  }
}
