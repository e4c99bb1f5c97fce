package pgrunbook.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static pgrunbook.testing.TestWorld.journaled;
import static pgrunbook.testing.TestWorld.undoing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.action.Call;
import pgrunbook.action.Claim;
import pgrunbook.action.Observed;
import pgrunbook.action.StepFailed;
import pgrunbook.expression.Expression;
import pgrunbook.expression.Late;
import pgrunbook.service.FlagFileMaintenance;
import pgrunbook.service.NoMaintenance;
import pgrunbook.testing.ScriptedServices;
import pgrunbook.testing.TestWorld;
import pgrunbook.text.Place;
import pgrunbook.text.Problems;

class MaintenanceOnTest {
  private final MaintenanceOn action = new MaintenanceOn();
  private final MaintenanceOn.Input in = new MaintenanceOn.Input();
  private ScriptedServices scripted;
  private TestWorld world;

  @BeforeEach
  void maintenance_is_off(@TempDir Path folder) {
    scripted = new ScriptedServices(folder);
    world = TestWorld.in(folder, "app").with(scripted.maintenance());
  }

  @AfterEach
  void close() {
    world.close();
  }

  /** Whether a call's condition holds for the undo of a step with that intent. */
  static boolean holds(Call call, Record intent) {
    var problems = new Problems();
    var condition = Expression.parse(call.when().orElseThrow(), Place.NONE, problems);
    var holds = condition.evaluate(undoing(intent), problems).map(Late::get);
    assertThat(problems.list()).isEmpty();
    return holds.orElseThrow();
  }

  @Test
  void a_plan_shows_the_command_and_what_will_be_owed_and_changes_nothing() {
    // when
    var preview = action.preview(in, world.planning("on"));
    // then
    assertThat(preview.commands()).containsExactly("./service.sh start maintenance");
    assertThat(preview.leaves())
        .containsExactly(new Claim.Owes("maintenance", "maintenance mode is on"));
    assertThat(preview.problems()).isEmpty();
    assertThat(scripted.calls()).isEmpty();
  }

  @Test
  void an_environment_without_maintenance_is_a_problem_with_the_key_to_add() {
    var preview = action.preview(in, world.with(new NoMaintenance()).planning("on"));
    assertThat(preview.problems())
        .singleElement()
        .asString()
        .startsWith("the environment has no maintenance mode")
        .contains("flag_file");
  }

  @Test
  void it_is_switched_on() throws Exception {
    // given
    var intent = action.intend(in, Optional.empty(), world.look("on"));
    // when
    var output = action.run(in, intent, world.act("on"));
    // then
    assertThat(scripted.isUp("maintenance")).isTrue();
    assertThat(output.wasOn()).isFalse();
  }

  @Test
  void a_flag_file_names_the_run(@TempDir Path folder) throws Exception {
    // given
    var flag = folder.resolve("maintenance.flag");
    var with = world.with(new FlagFileMaintenance(flag));
    // when
    var intent = action.intend(in, Optional.empty(), with.look("on"));
    action.run(in, intent, with.act("on"));
    // then
    assertThat(Files.readString(flag)).contains("run " + TestWorld.RUN);
  }

  @Test
  void a_command_that_fails_fails_the_step() {
    scripted.broken("maintenance");
    assertThatThrownBy(() -> action.run(in, new MaintenanceOn.Intent(false), world.act("on")))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("cannot start maintenance");
  }

  @Test
  void nothing_is_switched_where_nobody_can_tell_how_it_was() {
    scripted.unclear("maintenance");
    assertThatThrownBy(() -> action.intend(in, Optional.empty(), world.look("on")))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("no answer");
    assertThat(action.preview(in, world.planning("on")).problems()).hasSize(1);
  }

  @Test
  void after_a_crash_its_state_tells_and_the_first_intent_is_kept() throws Exception {
    // given
    var first = journaled(action.intend(in, Optional.empty(), world.look("on")));
    // then
    assertThat(action.inspect(in, first, world.look("on"))).isEqualTo(new Observed.NotDone<>());
    // when
    scripted.up("maintenance");
    // then
    assertThat(action.inspect(in, first, world.look("on")))
        .isEqualTo(new Observed.Done<>(new MaintenanceOn.Output(false)));
    assertThat(action.intend(in, Optional.of(first), world.look("on"))).isEqualTo(first);
    // when
    scripted.unclear("maintenance");
    // then
    assertThat(action.inspect(in, first, world.look("on"))).isInstanceOf(Observed.Unknown.class);
  }

  @Test
  void an_undo_leaves_on_what_was_on_before() {
    var call = action.undo(in, world.look("on")).orElseThrow();
    assertThat(call.action()).isEqualTo("maintenance.off");
    assertThat(holds(call, new MaintenanceOn.Intent(false))).isTrue();
    assertThat(holds(call, new MaintenanceOn.Intent(true))).isFalse();
  }
}
