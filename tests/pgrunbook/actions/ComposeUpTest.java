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
import pgrunbook.compose.SimulatedCompose;
import pgrunbook.expression.Late;
import pgrunbook.process.Deadline;
import pgrunbook.service.ServiceState;
import pgrunbook.testing.ScriptedCompose;
import pgrunbook.testing.TestWorld;

class ComposeUpTest {
  private final ComposeUp action = new ComposeUp();
  private ScriptedCompose compose;
  private TestWorld bare;
  private TestWorld world;

  @BeforeEach
  void a_project_of_which_postgres_runs(@TempDir Path folder) {
    compose = new ScriptedCompose(folder.resolve("compose"));
    bare = TestWorld.in(folder, "app");
    world = bare.with(compose).with(compose.states());
  }

  @AfterEach
  void close() {
    bare.close();
  }

  private ComposeUp.Input up(String yaml) {
    return world.input(action, yaml);
  }

  private ComposeUp.Intent intend(ComposeUp.Input in) throws Exception {
    return journaled(action.intend(in, Optional.empty(), world.look("up")));
  }

  @Test
  void a_plan_shows_the_command_and_the_states_and_changes_nothing() {
    // when
    var preview = action.preview(up("services: [backend, postgres]"), world.planning("up"));
    // then
    assertThat(preview.effect()).isEqualTo(Effect.MUTATING);
    assertThat(preview.problems()).isEmpty();
    assertThat(preview.warnings()).isEmpty();
    assertThat(preview.commands())
        .containsExactly("./compose up -d --no-recreate backend postgres");
    assertThat(preview.facts())
        .extracting(fact -> fact.name() + " " + fact.value())
        .containsExactly(
            "service backend stopped", "service postgres running, healthy, restart: always");
    assertThat(preview.leaves())
        .containsExactly(new Claim.Pays("service:backend"), new Claim.Pays("service:postgres"));
    assertThat(compose.calls()).isEmpty();
  }

  @Test
  void without_names_it_is_all_services() throws Exception {
    // given
    var in = up("{}");
    // when
    var preview = action.preview(in, world.planning("up"));
    var intent = intend(in);
    var output = action.run(in, intent, world.act("up"));
    // then
    assertThat(preview.commands()).containsExactly("./compose up -d --no-recreate");
    assertThat(preview.leaves()).hasSize(3);
    assertThat(compose.calls()).containsExactly("up -d --no-recreate");
    assertThat(output.started()).containsExactly("backend", "worker");
  }

  @Test
  void where_containers_may_be_replaced_the_plan_warns() {
    var preview = action.preview(up("no_recreate: false"), world.planning("up"));
    assertThat(preview.commands()).containsExactly("./compose up -d");
    assertThat(preview.warnings()).singleElement().asString().contains("are replaced");
  }

  @Test
  void mistakes_are_problems() {
    assertThat(action.preview(up("{}"), bare.planning("up")).problems())
        .extracting(p -> p.what())
        .containsExactly("the environment has no Compose project");
    assertThat(action.preview(up("services: [bakend]"), world.planning("up")).problems())
        .singleElement()
        .hasToString("unknown service 'bakend'\n  hint: did you mean 'backend'?");
    var empty = action.preview(up("services: []"), world.planning("up"));
    assertThat(empty.problems()).extracting(p -> p.what()).containsExactly("no service is named");
    assertThat(empty.commands()).isEmpty();
  }

  @Test
  void what_is_stopped_or_runs_in_part_is_brought_up_and_named() throws Exception {
    // given
    compose.partly("worker", "paused");
    var in = up("services: [backend, worker, postgres, backend]");
    // when
    var intent = intend(in);
    var output = action.run(in, intent, world.act("up"));
    // then
    assertThat(output.started()).containsExactly("backend", "worker");
    assertThat(compose.calls()).containsExactly("up -d --no-recreate backend worker postgres");
    assertThat(world.log()).contains(" Container backend  Started", "service backend runs");
    assertThat(journaled(output)).isEqualTo(output);
  }

  @Test
  void a_service_that_compose_leaves_as_it_is_is_started(@TempDir Path folder) throws Exception {
    // given
    var other = new ScriptedCompose(folder);
    var in = up("services: [backend]");
    // when
    action.run(in, intend(in), world.with(other.states()).act("up"));
    // then
    assertThat(other.calls()).containsExactly("start backend");
  }

  @Test
  void a_list_that_turns_out_empty_in_a_run_brings_nothing_up() throws Exception {
    // given
    var scope = undoing(new ComposeDown.Intent(List.of()));
    var in = world.input(action, "services: ${step.intent.were_running}", scope);
    // when
    var preview = action.preview(in, world.look("down/undo"));
    var output = action.run(in, intend(in), world.act("down/undo"));
    // then
    assertThat(preview.problems()).isEmpty();
    assertThat(preview.commands()).isEmpty();
    assertThat(output.started()).isEmpty();
    assertThat(compose.calls()).isEmpty();
  }

  @Test
  void a_service_that_turns_out_unknown_fails_the_step_before_anything_is_done() {
    var in = new ComposeUp.Input(Optional.of(Late.known(List.of("worker", "nosuch"))), true);
    assertThatThrownBy(() -> intend(in))
        .isInstanceOf(StepFailed.class)
        .hasMessage("unknown service 'nosuch'");
    assertThat(action.inspect(in, new ComposeUp.Intent(List.of()), world.look("up")))
        .isInstanceOf(Observed.Unknown.class);
  }

  @Test
  void services_that_only_a_run_can_know_are_shown_as_such() {
    // given
    var pending = new Late.Pending<List<String>>("‹steps.a.b›", Set.of("a"));
    // when
    var preview =
        action.preview(new ComposeUp.Input(Optional.of(pending), true), world.planning("up"));
    // then
    assertThat(preview.problems()).isEmpty();
    assertThat(preview.commands()).containsExactly("./compose up -d --no-recreate '‹steps.a.b›'");
    assertThat(preview.unknown()).containsExactly("which services ‹steps.a.b› names");
  }

  @Test
  void a_command_that_fails_fails_the_step_with_its_last_words() throws Exception {
    // given
    var in = up("services: [backend]");
    var intent = intend(in);
    compose.broken();
    // then
    assertThatThrownBy(() -> action.run(in, intent, world.act("up")))
        .isInstanceOf(StepFailed.class)
        .hasMessage(
            "cannot bring up backend: exit code 1: Error response from daemon: no space left on"
                + " device");
    assertThat(action.inspect(in, intent, world.look("up"))).isEqualTo(new Observed.NotDone<>());
  }

  @Test
  void a_deadline_that_is_over_fails_the_step() throws Exception {
    var in = up("services: [backend]");
    var intent = intend(in);
    var act = world.act("up", Deadline.in(Duration.ZERO));
    assertThatThrownBy(() -> action.run(in, intent, act))
        .isInstanceOf(StepFailed.class)
        .extracting("hint", type(Optional.class))
        .isEqualTo(Optional.of("give the step a longer timeout"));
  }

  @Test
  void after_a_crash_the_states_tell_how_far_it_came() throws Exception {
    // given
    var in = up("services: [backend, worker]");
    var first = intend(in);
    // then
    assertThat(action.inspect(in, first, world.look("up"))).isEqualTo(new Observed.NotDone<>());
    // when
    compose.up("backend").partly("worker", "created");
    // then
    assertThat(action.inspect(in, first, world.look("up")))
        .isEqualTo(new Observed.Partly<>("partly running: worker (created)"));
    // when
    var second = action.intend(in, Optional.of(first), world.look("up"));
    var output = action.run(in, second, world.act("up"));
    // then
    assertThat(output.started()).containsExactly("backend", "worker");
    assertThat(action.inspect(in, second, world.look("up"))).isEqualTo(new Observed.Done<>(output));
    // when
    compose.unclear("worker");
    // then
    assertThat(action.inspect(in, second, world.look("up"))).isInstanceOf(Observed.Unknown.class);
  }

  @Test
  void where_containers_may_be_replaced_running_services_do_not_tell_that_it_is_done()
      throws Exception {
    // given
    var in = up("{services: [backend], no_recreate: false}");
    var intent = intend(in);
    compose.up("backend");
    // then
    assertThat(action.inspect(in, intent, world.look("up"))).isInstanceOf(Observed.Partly.class);
    assertThat(action.inspect(in, intend(in), world.look("up")))
        .isEqualTo(new Observed.NotDone<>());
  }

  @Test
  void undoing_stops_what_had_been_stopped_and_nothing_else() throws Exception {
    // given
    var in = up("services: [backend, postgres]");
    var intent = intend(in);
    action.run(in, intent, world.act("up"));
    // when
    var call = action.undo(in, world.look("up")).orElseThrow();
    var stop = new ServiceStop();
    var undo = world.input(stop, "services: " + call.with().get("services"), undoing(intent));
    stop.run(undo, stop.intend(undo, Optional.empty(), world.look("u")), world.act("up/undo"));
    // then
    assertThat(call.action()).isEqualTo("service.stop");
    assertThat(compose.isUp("backend")).isFalse();
    assertThat(compose.isUp("postgres")).isTrue();
  }

  @Test
  void a_rehearsal_starts_simulated_services_and_runs_nothing() throws Exception {
    // given
    var rehearsal = bare.with(new SimulatedCompose("postgres"));
    var services = rehearsal.act("x").services();
    services.stop("backend", Deadline.none());
    var in = up("services: [backend]");
    var intent = action.intend(in, Optional.empty(), rehearsal.look("up"));
    // when
    var preview = action.preview(in, rehearsal.planning("up"));
    var before = action.inspect(in, intent, rehearsal.look("up"));
    var output = action.run(in, intent, rehearsal.act("up"));
    // then
    var command = "(simulated) docker compose up -d --no-recreate backend";
    assertThat(preview.problems()).isEmpty();
    assertThat(preview.commands()).containsExactly(command);
    assertThat(before).isEqualTo(new Observed.NotDone<>());
    assertThat(output.started()).containsExactly("backend");
    assertThat(services.state("backend")).isEqualTo(new ServiceState.Running());
    assertThat(bare.log()).contains(command);
    assertThat(action.inspect(in, intent, rehearsal.look("up")))
        .isEqualTo(new Observed.Done<>(output));
  }

  @Test
  void a_rehearsal_does_not_know_what_all_services_are() throws Exception {
    // given
    var rehearsal = bare.with(new SimulatedCompose("postgres"));
    var in = up("{}");
    // when
    var preview = action.preview(in, rehearsal.planning("up"));
    var intent = action.intend(in, Optional.empty(), rehearsal.look("up"));
    var output = action.run(in, intent, rehearsal.act("up"));
    // then
    assertThat(preview.problems()).isEmpty();
    assertThat(preview.unknown())
        .containsExactly("which services there are: the Compose project is simulated");
    assertThat(output.started()).isEmpty();
  }
}
