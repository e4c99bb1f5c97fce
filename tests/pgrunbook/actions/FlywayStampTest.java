package pgrunbook.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static pgrunbook.testing.Databases.column;
import static pgrunbook.testing.Databases.execute;
import static pgrunbook.testing.TestWorld.journaled;
import static pgrunbook.testing.TestWorld.undoing;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.action.Effect;
import pgrunbook.action.Observed;
import pgrunbook.action.StepFailed;
import pgrunbook.expression.Scope;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.TestWorld;

@Timeout(120)
class FlywayStampTest {
  private final FlywayStamp action = new FlywayStamp();
  private MigrationFiles files;
  private TestWorld world;

  @BeforeEach
  void make(@TempDir Path folder) {
    files = MigrationFiles.in(folder);
    world = files.world();
  }

  @AfterEach
  void close() {
    world.close();
  }

  private FlywayStamp.Intent run(String target) throws Exception {
    var in = world.input(action, "target: '" + target + "'");
    var intent = journaled(action.intend(in, Optional.empty(), world.look("s")));
    assertThat(action.inspect(in, intent, world.look("s"))).isEqualTo(new Observed.NotDone<>());
    var output = action.run(in, intent, world.act("s"));
    assertThat(action.inspect(in, intent, world.look("s"))).isEqualTo(new Observed.Done<>(output));
    return intent;
  }

  private FlywayStamp.Input undoOf(FlywayStamp.Intent intent) {
    Scope scope = undoing(intent);
    var call = action.undo(world.input(action, "target: base"), world.planning("s")).orElseThrow();
    var yaml = new StringBuilder();
    call.with().forEach((name, value) -> yaml.append(name + ": " + value + "\n"));
    return world.input(action, yaml.toString(), scope);
  }

  private void undo(FlywayStamp.Intent intent) throws Exception {
    var in = undoOf(intent);
    var undone = action.intend(in, Optional.empty(), world.look("s/undo"));
    var output = action.run(in, undone, world.act("s/undo"));
    assertThat(action.inspect(in, undone, world.look("s/undo")))
        .isEqualTo(new Observed.Done<>(output));
  }

  private List<String> rows() {
    return column(
        files.database(), "SELECT h::text FROM flyway_schema_history h ORDER BY installed_rank");
  }

  @Test
  void forward_it_makes_the_rows_that_flyway_would_make() throws Exception {
    // given
    var other = MigrationFiles.in(files.project());
    try (var otherWorld = other.world()) {
      other.migrate(otherWorld, "latest");
    }
    execute(files.database(), "CREATE TABLE users (id int)");
    // when
    run("2");
    // then
    var columns =
        "SELECT concat_ws('|', installed_rank, version, description, type, script, checksum,"
            + " replace(installed_by, 'stamped by ', ''), success) FROM flyway_schema_history WHERE version::int < 3 ORDER BY 1";
    assertThat(column(files.database(), columns)).isEqualTo(column(other.database(), columns));
    assertThat(schema(files.database())).isEqualTo(schema(other.database()));
    assertThat(column(files.database(), "SELECT installed_by FROM flyway_schema_history"))
        .allMatch(it -> it.startsWith("stamped by "));
    assertThat(files.migrate(world, "latest").applied()).hasSize(1);
  }

  private static String schema(String database) throws Exception {
    return PostgresServer.shared()
        .run("pg_dump", "-s", "--restrict-key=t", "-t", "flyway_schema_history", database)
        .ok();
  }

  @Test
  void a_plan_names_the_rows_and_writes_none() {
    var preview = action.preview(world.input(action, "target: '+1'"), world.planning("s"));
    assertThat(preview.problems()).singleElement().asString().contains("'+1' is no target");
    preview = action.preview(world.input(action, "target: latest"), world.planning("s"));
    assertThat(preview.effect()).isEqualTo(Effect.MUTATING);
    assertThat(preview.commands())
        .contains("CREATE TABLE public.flyway_schema_history", "-- add V1__users.sql as applied");
    assertThat(column(files.database(), "SELECT to_regclass('flyway_schema_history')::text"))
        .containsExactly("");
  }

  @Test
  void back_and_its_undo_restore_every_row_as_it_was() throws Exception {
    files.migrate(world, "latest");
    var before = rows();
    var intent = run("1");
    assertThat(rows()).hasSize(1).first().isEqualTo(before.getFirst());
    undo(intent);
    assertThat(rows()).isEqualTo(before);
    intent = run("base");
    assertThat(rows()).isEmpty();
    undo(intent);
    assertThat(rows()).isEqualTo(before);
  }

  @Test
  void a_history_that_was_not_there_goes_away_again() throws Exception {
    var intent = run("latest");
    undo(intent);
    assertThat(column(files.database(), "SELECT to_regclass('flyway_schema_history')::text"))
        .containsExactly("");
  }

  @Test
  void what_was_migrated_since_is_not_thrown_away() throws Exception {
    // given
    var intent = run("1");
    var in = undoOf(intent);
    var undone = action.intend(in, Optional.empty(), world.look("s/undo"));
    execute(files.database(), "CREATE TABLE users (id int)");
    files.migrate(world, "latest");
    // then
    assertThat(action.preview(in, world.planning("s/undo")).problems())
        .singleElement()
        .asString()
        .contains("is not any more what the stamp has left");
    assertThatThrownBy(() -> action.intend(in, Optional.empty(), world.look("s/undo")))
        .isInstanceOf(StepFailed.class);
    assertThatThrownBy(() -> action.run(in, undone, world.act("s/undo")))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("is not any more what the stamp has left");
    assertThat(rows()).hasSize(3);
  }

  @Test
  void it_mends_what_is_odd() throws Exception {
    // given a changed file, a row without one, and one that failed
    files.migrate(world, "latest");
    files.write("V2__notes.sql", "ALTER TABLE users ADD note varchar;");
    execute(
        files.database(),
        "INSERT INTO flyway_schema_history VALUES (4, '4', 'gone', 'SQL', 'V4__gone.sql', 1, 'x',"
            + " now(), 1, true), (5, '5', 'f', 'SQL', 'V5__f.sql', 1, 'x', now(), 1, false)");
    assertThat(MigrationLook.at(files.database(), world.look("s")).odd()).hasSize(3);
    // when
    run("3");
    // then
    assertThat(MigrationLook.at(files.database(), world.look("s")).odd()).isEmpty();
    assertThat(rows()).hasSize(3);
  }

  @Test
  void a_renamed_file_that_was_not_stamped_before_a_crash_is_not_taken_for_done() throws Exception {
    // given a file whose text is what was applied
    files.migrate(world, "latest");
    files.remove("V2__notes.sql").remove("U2__notes.sql");
    files.write("V2__remarks.sql", "ALTER TABLE users ADD note text;\n");
    assertThat(MigrationLook.at(files.database(), world.look("s")).odd()).hasSize(1);
    // when it is killed before its transaction, and resumed
    var in = world.input(action, "target: '3'");
    var intent = journaled(action.intend(in, Optional.empty(), world.look("s")));
    // then
    assertThat(action.inspect(in, intent, world.look("s"))).isEqualTo(new Observed.NotDone<>());
    var output = action.run(in, intent, world.act("s"));
    assertThat(action.inspect(in, intent, world.look("s"))).isEqualTo(new Observed.Done<>(output));
    assertThat(MigrationLook.at(files.database(), world.look("s")).odd()).isEmpty();
    undo(intent);
    assertThat(MigrationLook.at(files.database(), world.look("s")).odd()).hasSize(1);
  }

  @Test
  void a_history_that_somebody_else_has_changed_is_not_guessed_about() throws Exception {
    var in = world.input(action, "target: '2'");
    var intent = action.intend(in, Optional.empty(), world.look("s"));
    files.migrate(world, "+1");
    assertThat(action.inspect(in, intent, world.look("s"))).isInstanceOf(Observed.Unknown.class);
  }
}
