package pgrunbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.backup.Verdict;
import pgrunbook.testing.Databases;
import pgrunbook.testing.SampleBackups.Format;
import pgrunbook.testing.TestProject;
import pgrunbook.testing.TestProject.State;

/** The engine is killed in every step of restore-prod; the run goes on, or everything goes back. */
@Tag("fault")
class KillTest {
  private static final List<String> STEPS =
      List.of(
          "check-backup",
          "maintenance-on",
          "stop-backend",
          "safety-backup",
          "recreate",
          "restore",
          "verify",
          "publish",
          "start-backend",
          "maintenance-off");

  @TempDir Path folder;
  private TestProject project;
  private State before;

  static List<String> steps() {
    return STEPS;
  }

  @BeforeEach
  void makeProject() {
    project = TestProject.in(folder).with(Format.CUSTOM);
    before = project.state();
  }

  @AfterEach
  void dropDatabases() {
    project.dropDatabases();
  }

  @ParameterizedTest
  @MethodSource("steps")
  void a_run_killed_in_a_step_is_resumed_to_its_end(String step) {
    // given
    killedIn(step);
    assertStatusTells(step);
    // when
    var ended = project.run("resume");
    // then
    ended.exits(0);
    assertRestored(true);
  }

  @ParameterizedTest
  @MethodSource("steps")
  void a_run_killed_in_a_step_is_rolled_back_to_what_was_before(String step) {
    // given
    killedIn(step);
    // when
    var ended = project.run("rollback");
    // then
    ended.exits(0);
    assertThat(project.sessions()).isEmpty();
    var after = project.state();
    var undone =
        after.databases().keySet().stream().filter(name -> name.contains("_undone_")).toList();
    // a database that was published already may hold what somebody wrote: it is kept, and named
    assertThat(undone)
        .hasSizeBetween(
            project.has("finished", "publish") ? 1 : 0, project.has("started", "publish") ? 1 : 0);
    assertThat(undone).allSatisfy(name -> assertThat(ended.out()).contains(name));
    after.databases().keySet().removeAll(undone);
    assertThat(after).isEqualTo(before);
    assertThat(project.journal().getLast().event()).isEqualTo("over");
  }

  @ParameterizedTest
  @ValueSource(strings = {"recreate", "restore", "publish"})
  void without_the_old_database_a_killed_run_is_resumed(String step) {
    // given
    killedIn(step, "--set", "keep_old=false");
    // when
    var ended = project.run("resume");
    // then
    ended.exits(0);
    assertRestored(false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"recreate", "restore", "publish"})
  void without_the_old_database_a_rollback_restores_it_and_lists_what_differs(String step) {
    // given
    killedIn(step, "--set", "keep_old=false");
    var gone = !oids().contains(before.databases().get(project.database()).oid());
    // when
    var ended = project.run("rollback");
    // then
    ended.exits(0);
    var after = project.state();
    assertThat(after.fingerprint()).isEqualTo(before.fingerprint());
    assertThat(after.backend()).isEqualTo(before.backend());
    assertThat(after.maintenance()).isEqualTo(before.maintenance());
    var current = after.databases().get(project.database());
    var old = before.databases().get(project.database());
    assertThat(current.properties()).isEqualTo(old.properties());
    assertThat(current.open()).isTrue();
    if (gone) {
      assertThat(ended.out()).contains("not as before: the oid was " + old.oid());
    } else if (current.oid() != old.oid()) {
      assertThat(ended.out()).contains("not as before");
    }
    assertThat(project.sessions()).isEmpty();
  }

  private List<Long> oids() {
    return Databases.of(project.database()).values().stream().map(it -> it.oid()).toList();
  }

  @Test
  void one_run_survives_a_kill_in_each_of_its_steps() {
    // given
    var child = project.restore();
    for (var step : STEPS) {
      project.untilStarted(child, step, 0).kill();
      child = project.cli().start("resume");
    }
    // when
    var ended = child.end();
    // then
    ended.exits(0);
    assertThat(project.runIds()).hasSize(1);
    assertThat(project.run("status").exits(0).out()).contains("no run is unfinished");
    assertRestored(true);
  }

  private void killedIn(String step, String... more) {
    var child = project.restore(more);
    project.untilStarted(child, step, 0).kill();
  }

  private void assertStatusTells(String step) {
    var status = project.run("status").exits(0).out();
    assertThat(status)
        .contains(project.runId())
        .contains(step)
        .contains("resume " + project.runId(), "rollback " + project.runId());
    if (STEPS.indexOf(step) > STEPS.indexOf("maintenance-on")
        && !project.has("finished", "maintenance-off")) {
      assertThat(status).contains("owed: maintenance");
    }
    if (STEPS.indexOf(step) > STEPS.indexOf("stop-backend")
        && !project.has("finished", "start-backend")) {
      assertThat(status).contains("owed:", "backend");
    }
    if (List.of("restore", "verify", "publish").contains(step)
        && !project.has("finished", "publish")) {
      assertThat(status).contains("no database is named " + project.database());
    }
  }

  private void assertRestored(boolean kept) {
    assertThat(project.verdict()).isInstanceOf(Verdict.Same.class);
    var after = Databases.of(project.database());
    var current = after.get(project.database());
    var old = before.databases().get(project.database());
    assertThat(current.properties()).isEqualTo(old.properties());
    assertThat(current.open()).isTrue();
    assertThat(after).hasSize(kept ? 2 : 1);
    if (kept) {
      assertThat(after.get(after.lastKey()).oid()).isEqualTo(old.oid());
    }
    assertThat(project.services().isUp("backend")).isTrue();
    assertThat(project.inMaintenance()).isFalse();
    assertThat(project.sessions()).isEmpty();
    assertThat(project.journal().getLast().event()).isEqualTo("over");
  }
}
