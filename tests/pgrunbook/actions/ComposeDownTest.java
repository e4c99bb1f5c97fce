package pgrunbook.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static pgrunbook.testing.TestWorld.journaled;
import static pgrunbook.testing.TestWorld.undoing;

import java.nio.file.Path;
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
import pgrunbook.compose.SimulatedCompose;
import pgrunbook.expression.Late;
import pgrunbook.service.ServiceState;
import pgrunbook.testing.ScriptedCompose;
import pgrunbook.testing.TestWorld;

class ComposeDownTest {
  private final ComposeDown action = new ComposeDown();
  private ScriptedCompose compose;
  private TestWorld bare;
  private TestWorld world;

  @BeforeEach
  void a_project_of_which_worker_is_stopped(@TempDir Path folder) {
    compose = new ScriptedCompose(folder.resolve("compose")).up("backend");
    bare = TestWorld.in(folder, "app");
    world = bare.with(compose).with(compose.states());
  }

  @AfterEach
  void close() {
    bare.close();
  }

  private ComposeDown.Input down(String yaml) {
    return world.input(action, yaml);
  }

  private ComposeDown.Intent intend(ComposeDown.Input in) throws Exception {
    return journaled(action.intend(in, Optional.empty(), world.look("down")));
  }

  @Test
  void a_plan_shows_what_is_taken_down_and_lost_and_changes_nothing() {
    // when
    var preview = action.preview(down("services: [backend]"), world.planning("down"));
    // then
    assertThat(preview.effect()).isEqualTo(Effect.MUTATING);
    assertThat(preview.problems()).isEmpty();
    assertThat(preview.commands()).containsExactly("./compose rm --stop --force backend");
    assertThat(preview.warnings())
        .containsExactly(
            "the containers are removed: what they wrote outside named volumes and mounted folders"
                + " is lost");
    assertThat(preview.facts())
        .extracting(fact -> fact.name() + " " + fact.value())
        .containsExactly("service backend running, healthy, restart: always");
    assertThat(preview.leaves())
        .containsExactly(new Claim.Owes("service:backend", "service backend is stopped"));
    assertThat(compose.calls()).isEmpty();
  }

  @Test
  void without_names_it_is_all_services_but_that_of_postgres() throws Exception {
    // given
    var in = down("{}");
    // when
    var preview = action.preview(in, world.planning("down"));
    var output = action.run(in, intend(in), world.act("down"));
    // then
    assertThat(preview.problems()).isEmpty();
    assertThat(preview.commands()).containsExactly("./compose rm --stop --force backend worker");
    assertThat(output.stopped()).containsExactly("backend");
    assertThat(compose.calls()).containsExactly("rm --stop --force backend worker");
    assertThat(compose.isUp("postgres")).isTrue();
  }

  @Test
  void the_service_that_postgres_runs_in_stays() {
    // given
    var in = down("services: [backend, postgres]");
    // when
    var preview = action.preview(in, world.planning("down"));
    // then
    assertThat(preview.problems())
        .singleElement()
        .hasToString(
            "service postgres is PostgreSQL's, and the run needs it\n"
                + "  hint: leave it out of services");
    assertThatThrownBy(() -> intend(in))
        .isInstanceOf(StepFailed.class)
        .hasMessage("service postgres is PostgreSQL's, and the run needs it");
    assertThatThrownBy(() -> action.run(in, new ComposeDown.Intent(List.of()), world.act("down")))
        .isInstanceOf(StepFailed.class);
    assertThat(compose.calls()).isEmpty();
  }

  @Test
  void mistakes_are_problems() {
    assertThat(action.preview(down("{}"), bare.planning("down")).problems())
        .extracting(p -> p.what())
        .containsExactly("the environment has no Compose project");
    assertThat(action.preview(down("services: [bakend]"), world.planning("down")).problems())
        .singleElement()
        .hasToString("unknown service 'bakend'\n  hint: did you mean 'backend'?");
    assertThat(action.preview(down("services: []"), world.planning("down")).problems())
        .extracting(p -> p.what())
        .containsExactly("no service is named");
  }

  @Test
  void services_that_only_a_run_can_know_are_shown_as_such_and_checked_then() {
    // given
    var pending = new Late.Pending<List<String>>("‹steps.a.b›", Set.of("a"));
    var known = new ComposeDown.Input(Optional.of(Late.known(List.of("nosuch"))));
    // when
    var preview =
        action.preview(new ComposeDown.Input(Optional.of(pending)), world.planning("down"));
    // then
    assertThat(preview.problems()).isEmpty();
    assertThat(preview.commands()).containsExactly("./compose rm --stop --force '‹steps.a.b›'");
    assertThat(preview.unknown()).containsExactly("which services ‹steps.a.b› names");
    assertThatThrownBy(() -> intend(known)).hasMessage("unknown service 'nosuch'");
    assertThat(action.inspect(known, new ComposeDown.Intent(List.of()), world.look("down")))
        .isInstanceOf(Observed.Unknown.class);
  }

  @Test
  void an_undo_remembers_what_ran_in_part_or_was_not_known_to_be_stopped() throws Exception {
    compose.partly("worker", "restarting").unclear("backend");
    assertThat(intend(down("{}")).wereRunning()).containsExactly("backend", "worker");
  }

  @Test
  void a_service_that_runs_although_it_was_removed_is_stopped(@TempDir Path folder)
      throws Exception {
    // given
    var other = new ScriptedCompose(folder).up("backend");
    var in = down("services: [backend]");
    // when
    action.run(in, intend(in), world.with(other.states()).act("down"));
    // then
    assertThat(other.calls()).containsExactly("stop backend");
  }

  @Test
  void a_command_that_fails_fails_the_step_with_its_last_words() throws Exception {
    // given
    var in = down("services: [backend]");
    var intent = intend(in);
    compose.broken();
    // then
    assertThatThrownBy(() -> action.run(in, intent, world.act("down")))
        .isInstanceOf(StepFailed.class)
        .hasMessage(
            "cannot take down backend: exit code 1: Error response from daemon: no space left on"
                + " device");
  }

  @Test
  void after_a_crash_the_states_tell_how_far_it_came() throws Exception {
    // given
    compose.up("worker");
    var in = down("{}");
    var first = intend(in);
    // then
    assertThat(action.inspect(in, first, world.look("down"))).isEqualTo(new Observed.NotDone<>());
    // when
    compose.down("backend").partly("worker", "1 of 2 containers run");
    // then
    assertThat(action.inspect(in, first, world.look("down")))
        .isEqualTo(new Observed.Partly<>("partly running: worker (1 of 2 containers run)"));
    // when
    var second = action.intend(in, Optional.of(first), world.look("down"));
    var output = action.run(in, second, world.act("down"));
    // then
    assertThat(output.stopped()).containsExactly("backend", "worker");
    assertThat(action.inspect(in, second, world.look("down")))
        .isEqualTo(new Observed.Done<>(output));
    // when
    compose.unclear("worker");
    // then
    assertThat(action.inspect(in, second, world.look("down"))).isInstanceOf(Observed.Unknown.class);
  }

  @Test
  void undoing_brings_up_what_had_run_and_nothing_else() throws Exception {
    // given
    var in = down("{}");
    var intent = intend(in);
    action.run(in, intent, world.act("down"));
    // when
    var call = action.undo(in, world.look("down")).orElseThrow();
    var up = new ComposeUp();
    var undo = world.input(up, "services: " + call.with().get("services"), undoing(intent));
    up.run(undo, up.intend(undo, Optional.empty(), world.look("u")), world.act("down/undo"));
    // then
    assertThat(call.action()).isEqualTo("compose.up");
    assertThat(compose.isUp("backend")).isTrue();
    assertThat(compose.isUp("worker")).isFalse();
  }

  @Test
  void a_rehearsal_stops_simulated_services_and_runs_nothing() throws Exception {
    // given
    var rehearsal = bare.with(new SimulatedCompose("postgres"));
    var in = down("services: [backend]");
    // when
    var preview = action.preview(in, rehearsal.planning("down"));
    var intent = action.intend(in, Optional.empty(), rehearsal.look("down"));
    var before = action.inspect(in, intent, rehearsal.look("down"));
    var output = action.run(in, intent, rehearsal.act("down"));
    // then
    assertThat(preview.problems()).isEmpty();
    assertThat(preview.commands())
        .containsExactly("(simulated) docker compose rm --stop --force backend");
    assertThat(before).isEqualTo(new Observed.NotDone<>());
    assertThat(output.stopped()).containsExactly("backend");
    assertThat(rehearsal.look("x").services().state("backend"))
        .isEqualTo(new ServiceState.Stopped());
    assertThat(action.inspect(in, intent, rehearsal.look("down")))
        .isEqualTo(new Observed.Done<>(output));
  }
}
