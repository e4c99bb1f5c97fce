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
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.backup.Fingerprint;
import pgrunbook.backup.Verdict;
import pgrunbook.testing.Databases;
import pgrunbook.testing.Halt;
import pgrunbook.testing.SampleBackups.Format;
import pgrunbook.testing.TestProject;
import pgrunbook.testing.TestProject.State;

/** A copy on the server as the way back of SQL that changes the database in place. */
@Tag("fault")
class CopyTest {
  private static final String RUNBOOK =
      """
      name: %s
      description: Change the database in place.
      environment: prod
      steps:
        - id: stop-backend
          action: service.stop
          with: {services: [backend]}
        - id: copy
          action: postgres.copy
        - id: change
          action: sql
          with: {text: "DROP TABLE users CASCADE"}
        - id: check
          action: postgres.query
          with: {sql: "SELECT to_regclass('users') IS NULL", is: EXPECTED}
        - id: start-backend
          action: service.start
          with: {services: [backend]}
      """;

  @TempDir Path folder;
  private TestProject project;
  private State before;

  @BeforeEach
  void makeProject() {
    project = TestProject.in(folder).with(Format.CUSTOM);
    project.runbook("change", RUNBOOK.replace("EXPECTED", "true"));
    before = project.state();
  }

  @AfterEach
  void dropDatabases() {
    project.dropDatabases();
  }

  private List<String> named(String word) {
    return Databases.of(project.database()).keySet().stream()
        .filter(name -> name.contains(word))
        .toList();
  }

  private void assertAsBefore() {
    var after = Databases.fingerprint(project.database());
    assertThat(Fingerprint.verdict(before.fingerprint(), after)).isInstanceOf(Verdict.Same.class);
    assertThat(project.services().isUp("backend")).isTrue();
    assertThat(project.sessions()).isEmpty();
    assertThat(named("_copy_")).isEmpty();
    var mine = Databases.of(project.database()).get(project.database());
    assertThat(mine.properties())
        .isEqualTo(before.databases().get(project.database()).properties());
  }

  @Test
  void a_change_in_place_that_fails_is_taken_back_with_its_copy() {
    // given
    project.runbook("change", RUNBOOK.replace("EXPECTED", "false"));
    project.run("run", "change", "--confirm", project.database()).exits(1);
    assertThat(named("_copy_")).hasSize(1);
    // when
    var ended = project.run("rollback");
    // then
    ended.exits(0);
    assertAsBefore();
    assertThat(named("_undone_")).hasSize(1);
    assertThat(ended.out()).contains(named("_undone_").getFirst());
  }

  /** created, session, stop-backend started and finished, copy started and finished, … */
  @ParameterizedTest
  @ValueSource(ints = {5, 6, 7, 8, 9})
  void a_run_killed_around_it_goes_on_or_goes_back(int entry) {
    for (var way : List.of("resume", "rollback")) {
      // given
      new Halt(entry % 2 == 0, entry)
          .in(project.cli())
          .run("run", "change", "--confirm", project.database())
          .exits(Halt.EXIT);
      // when
      var ended = project.run(way);
      // then
      ended.exits(0);
      if (way.equals("resume")) {
        assertThat(Databases.column(project.database(), "SELECT to_regclass('users') IS NULL"))
            .containsExactly("t");
        assertThat(named("_copy_")).hasSize(1);
        project.run("rollback", project.runId(), "--confirm", project.database()).exits(0);
      }
      assertAsBefore();
      named("_undone_").forEach(name -> Databases.execute("postgres", "DROP DATABASE " + name));
    }
  }
}
