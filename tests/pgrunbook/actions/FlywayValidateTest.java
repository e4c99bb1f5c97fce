package pgrunbook.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.action.Effect;
import pgrunbook.action.Elsewhere;
import pgrunbook.action.Neighbours;
import pgrunbook.action.Observed;
import pgrunbook.action.StepFailed;
import pgrunbook.action.Target;
import pgrunbook.environment.MigrationSettings;
import pgrunbook.postgres.ClusterView;
import pgrunbook.testing.Databases;
import pgrunbook.testing.TestWorld;
import pgrunbook.text.Refused;

/** The two actions that only look: flyway.validate and flyway.check_proven. */
@Timeout(120)
class FlywayValidateTest {
  private final FlywayValidate validate = new FlywayValidate();
  private final FlywayCheckProven proven = new FlywayCheckProven();
  private MigrationFiles files;
  private TestWorld world;

  @BeforeEach
  void make(@TempDir Path folder) throws Exception {
    files = MigrationFiles.in(folder);
    world = files.world();
    files.migrate(world, "+1");
  }

  @AfterEach
  void close() {
    world.close();
  }

  private FlywayValidate.Output validate(String yaml) throws Exception {
    var in = world.input(validate, yaml);
    assertThat(validate.inspect(in, new FlywayValidate.Intent(), world.look("v")))
        .isEqualTo(new Observed.NotDone<>());
    return validate.run(in, new FlywayValidate.Intent(), world.act("v"));
  }

  @Test
  void files_and_history_that_agree_are_fine_and_pending_ones_where_all_must_be_applied_are_not()
      throws Exception {
    assertThat(validate("{}")).isEqualTo(new FlywayValidate.Output("1", 1, 2));
    var preview = validate.preview(world.input(validate, "complete: true"), world.planning("v"));
    assertThat(preview.effect()).isEqualTo(Effect.READ_ONLY);
    assertThat(preview.problems()).isEmpty();
    assertThatThrownBy(() -> validate("complete: true"))
        .isInstanceOf(StepFailed.class)
        .hasMessage("not applied: V2__notes.sql, V3__orders.sql");
  }

  @Test
  void every_odd_one_is_a_problem_of_the_plan_and_fails_the_step() {
    files.write("V1__users.sql", "CREATE TABLE users ()").write("V0__zero.sql", "SELECT 1");
    var preview = validate.preview(world.input(validate, "{}"), world.planning("v"));
    assertThat(preview.problems()).hasSize(2);
    assertThatThrownBy(() -> validate("{}"))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("V1__users.sql")
        .hasMessageEndingWith("and 1 more");
  }

  /** Staging is another database of the test cluster. */
  private Neighbours staging(String database, Map<String, List<String>> rehearsals) {
    var target =
        new Target(
            "staging",
            database,
            false,
            files.project(),
            files.project(),
            MigrationSettings.in(files.project()),
            Optional.empty());
    return new Neighbours() {
      @Override
      public Optional<Elsewhere> find(String environment) {
        assertThat(environment).isEqualTo("staging");
        return Optional.of(
            new Elsewhere() {
              @Override
              public Target target() {
                return target;
              }

              @Override
              public ClusterView cluster() {
                return world.cluster();
              }
            });
      }

      @Override
      public Map<String, List<String>> rehearsed(String action, String output) {
        assertThat(action + "." + output).isEqualTo("flyway.migrate.applied");
        return rehearsals;
      }
    };
  }

  private FlywayCheckProven.Output prove(TestWorld here, String yaml) throws Exception {
    var in = here.input(proven, yaml);
    assertThat(proven.preview(in, here.planning("p")).problems()).isEmpty();
    return proven.run(in, new FlywayCheckProven.Intent(), here.act("p"));
  }

  @Test
  void what_staging_or_a_rehearsal_has_applied_is_proven() throws Exception {
    // given staging at 2
    var staging = MigrationFiles.in(files.project());
    try (var there = staging.world()) {
      staging.migrate(there, "+2");
    }
    var here = world.with(staging(staging.database(), Map.of()));
    // then
    assertThat(prove(here, "target: '+1'").by()).isEqualTo("staging");
    var in = here.input(proven, "{}");
    assertThat(proven.preview(in, here.planning("p")).problems())
        .singleElement()
        .asString()
        .contains("unproven: migrations/V3__orders.sql (checksum ", "rehearse migrate-prod")
        .doesNotContain("V2__");
    assertThatThrownBy(() -> proven.run(in, new FlywayCheckProven.Intent(), here.act("p")))
        .isInstanceOf(StepFailed.class);
    // and when a rehearsal has applied both
    var pending =
        MigrationLook.identities(
            MigrationLook.at(files.database(), world.look("p")).state().pending());
    var rehearsed =
        world.with(staging(staging.database(), Map.of("20260101-000000-abcd", pending)));
    assertThat(prove(rehearsed, "{}").by()).isEqualTo("rehearsal 20260101-000000-abcd");
    // but not when the file has changed since
    files.write("V3__orders.sql", "CREATE TABLE orders (id bigint)");
    assertThat(proven.preview(rehearsed.input(proven, "{}"), rehearsed.planning("p")).problems())
        .hasSize(1);
  }

  @Test
  void what_staging_only_says_or_has_taken_back_is_not_proven() throws Exception {
    // given
    var staging = MigrationFiles.in(files.project());
    try (var there = staging.world()) {
      staging.migrate(there, "latest");
    }
    var here = world.with(staging(staging.database(), Map.of()));
    assertThat(prove(here, "{}").by()).isEqualTo("staging");
    // when
    Databases.execute(
        staging.database(),
        "UPDATE flyway_schema_history SET installed_by = 'stamped by ' || installed_by"
            + " WHERE version = '2';"
            + " INSERT INTO flyway_schema_history SELECT 9, version, description, 'UNDO_SQL', script,"
            + " checksum, installed_by, installed_on, execution_time, true"
            + " FROM flyway_schema_history WHERE version = '3'");
    // then
    assertThat(proven.preview(here.input(proven, "{}"), here.planning("p")).problems())
        .singleElement()
        .asString()
        .contains("unproven: migrations/V2__notes.sql", " and 1 more", "a stamp is no proof");
  }

  @Test
  void staging_whose_environment_can_not_be_opened_leaves_the_proof_to_a_rehearsal()
      throws Exception {
    var pending =
        MigrationLook.identities(
            MigrationLook.at(files.database(), world.look("p")).state().pending());
    var closed =
        new Neighbours() {
          @Override
          public Optional<Elsewhere> find(String environment) {
            throw new Refused("the compose project of staging can't be opened", "is it there?");
          }

          @Override
          public Map<String, List<String>> rehearsed(String action, String output) {
            return Map.of("20260101-000000-abcd", pending);
          }
        };
    assertThat(prove(world.with(closed), "{}").by()).isEqualTo("rehearsal 20260101-000000-abcd");
  }

  @Test
  void staging_that_can_not_be_asked_proves_nothing_and_a_rehearsal_needs_no_proof()
      throws Exception {
    var here = world.with(staging("no_such_database", Map.of()));
    assertThat(proven.preview(here.input(proven, "{}"), here.planning("p")).problems())
        .singleElement()
        .asString()
        .contains("staging could not be asked", "no_such_database");
    assertThat(prove(world, "{}").by()).isEqualTo("this is the rehearsal");
    files.migrate(world, "latest");
    assertThat(prove(here, "{}").by()).isEqualTo("nothing is pending");
  }
}
