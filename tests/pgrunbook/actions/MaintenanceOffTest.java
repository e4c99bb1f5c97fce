package pgrunbook.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static pgrunbook.testing.TestWorld.journaled;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.action.Claim;
import pgrunbook.action.Observed;
import pgrunbook.action.StepFailed;
import pgrunbook.service.NoMaintenance;
import pgrunbook.testing.ScriptedServices;
import pgrunbook.testing.TestWorld;

class MaintenanceOffTest {
  private final MaintenanceOff action = new MaintenanceOff();
  private final MaintenanceOff.Input in = new MaintenanceOff.Input();
  private ScriptedServices scripted;
  private TestWorld world;

  @BeforeEach
  void maintenance_is_on(@TempDir Path folder) {
    scripted = new ScriptedServices(folder).up("maintenance");
    world = TestWorld.in(folder, "app").with(scripted.maintenance());
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void a_plan_shows_the_command_and_what_is_given_back_and_changes_nothing() {
    // when
    var preview = action.preview(in, world.planning("off"));
    // then
    assertThat(preview.commands()).containsExactly("./service.sh stop maintenance");
    assertThat(preview.leaves()).containsExactly(new Claim.Pays("maintenance"));
    assertThat(scripted.isUp("maintenance")).isTrue();
  }

  @Test
  void an_environment_without_maintenance_is_a_problem() {
    var preview = action.preview(in, world.with(new NoMaintenance()).planning("off"));
    assertThat(preview.problems()).hasSize(1);
  }

  @Test
  void it_is_switched_off() throws Exception {
    // given
    var intent = action.intend(in, Optional.empty(), world.look("off"));
    // when
    var output = action.run(in, intent, world.act("off"));
    // then
    assertThat(scripted.isUp("maintenance")).isFalse();
    assertThat(output.wasOn()).isTrue();
  }

  @Test
  void a_command_that_fails_fails_the_step() {
    scripted.broken("maintenance");
    assertThatThrownBy(() -> action.run(in, new MaintenanceOff.Intent(true), world.act("off")))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("cannot stop maintenance");
  }

  @Test
  void after_a_crash_its_state_tells_and_the_first_intent_is_kept() throws Exception {
    // given
    var first = journaled(action.intend(in, Optional.empty(), world.look("off")));
    // then
    assertThat(action.inspect(in, first, world.look("off"))).isEqualTo(new Observed.NotDone<>());
    // when
    scripted.down("maintenance");
    // then
    assertThat(action.inspect(in, first, world.look("off")))
        .isEqualTo(new Observed.Done<>(new MaintenanceOff.Output(true)));
    assertThat(action.intend(in, Optional.of(first), world.look("off"))).isEqualTo(first);
    // when
    scripted.unclear("maintenance");
    // then
    assertThat(action.inspect(in, first, world.look("off"))).isInstanceOf(Observed.Unknown.class);
  }

  @Test
  void an_undo_switches_it_on_where_it_was_on() {
    var call = action.undo(in, world.look("off")).orElseThrow();
    assertThat(call.action()).isEqualTo("maintenance.on");
    assertThat(MaintenanceOnTest.holds(call, new MaintenanceOff.Intent(true))).isTrue();
    assertThat(MaintenanceOnTest.holds(call, new MaintenanceOff.Intent(false))).isFalse();
  }
}
