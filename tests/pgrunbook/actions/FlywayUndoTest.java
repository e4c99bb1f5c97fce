package pgrunbook.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static pgrunbook.testing.Databases.column;
import static pgrunbook.testing.Databases.execute;
import static pgrunbook.testing.TestWorld.journaled;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pgrunbook.action.Claim;
import pgrunbook.action.Effect;
import pgrunbook.action.Observed;
import pgrunbook.action.StepFailed;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.TestWorld;

@Timeout(120)
class FlywayUndoTest {
  private final FlywayUndo action = new FlywayUndo();
  private MigrationFiles files;
  private TestWorld world;

  @BeforeEach
  void make(@TempDir Path folder) throws Exception {
    files = MigrationFiles.in(folder);
    world = files.world();
    files.migrate(world, "latest");
    execute(
        files.database(),
        "INSERT INTO users VALUES (1, 'a', NULL), (2, 'b', 'x'); INSERT INTO orders VALUES (7)");
  }

  @AfterEach
  void close() {
    world.close();
  }

  private FlywayUndo.Input input(String yaml) {
    return world.input(action, yaml.isEmpty() ? "{}" : yaml);
  }

  private FlywayUndo.Output run(String yaml) throws Exception {
    var in = input(yaml);
    var intent = journaled(action.intend(in, Optional.empty(), world.look("u")));
    return journaled(action.run(in, intent, world.act("u")));
  }

  private List<String> versions() {
    return column(
        files.database(), "SELECT version FROM flyway_schema_history ORDER BY installed_rank");
  }

  @Test
  void a_plan_counts_what_would_be_lost_and_takes_nothing_back() {
    // when
    var preview = action.preview(input("target: base"), world.planning("u"));
    // then
    assertThat(preview.effect()).isEqualTo(Effect.DESTRUCTIVE);
    assertThat(preview.needs()).containsExactly(new Claim.WayBack(files.database()));
    assertThat(preview.warnings())
        .containsExactly(
            "U3__orders.sql:1 drops table orders: 1 rows lost",
            "U2__notes.sql:1 drops column users.note: 1 values lost",
            "U1__users.sql:1 drops table users: 2 rows lost",
            MigrationLook.WRITTEN_MEANWHILE);
    assertThat(preview.commands()).startsWith("-- U3__orders.sql", "DROP TABLE orders;");
    assertThat(versions()).containsExactly("1", "2", "3");
  }

  @Test
  void what_can_not_be_told_is_listed_as_unknown() {
    files.write("U3__orders.sql", "DELETE FROM users; CALL clean(1); DROP TABLE gone;");
    assertThat(action.preview(input(""), world.planning("u")).unknown())
        .containsExactly(
            "how many rows: U3__orders.sql:1 deletes rows of users",
            "U3__orders.sql:1 can't be told: what call clean (… does",
            "how many rows: U3__orders.sql:1 drops table gone");
  }

  @ParameterizedTest
  @CsvSource({"-1, 2, 1", "'-2', 1, 2", "1, 1, 2", "base, base, 3", "-3, base, 3"})
  void it_goes_back_to_the_target(String target, String version, int undone) throws Exception {
    var output = run("target: '" + target + "'");
    assertThat(output.from()).isEqualTo("3");
    assertThat(output.to()).isEqualTo(version);
    assertThat(output.undone()).hasSize(undone);
    assertThat(versions()).hasSize(3 - undone);
    assertThat(column(files.database(), "SELECT to_regclass('orders')::text")).containsExactly("");
    // and forward again, with Flyway itself looking at the history
    assertThat(files.migrate(world, "latest").applied()).hasSize(undone);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-4  | only 3 migrations are applied",
        "9   | version 9 is not applied",
        "one | 'one' is no target"
      })
  void a_target_that_there_is_not_is_a_problem(String target, String what) {
    var preview = action.preview(input("target: '" + target + "'"), world.planning("u"));
    assertThat(preview.problems()).singleElement().asString().contains(what);
  }

  @Test
  void without_a_U_file_it_refuses_before_anything() {
    files.remove("U2__notes.sql").write("U3__orders.sql", "DROP INDEX CONCURRENTLY x");
    assertThat(action.preview(input("target: '1'"), world.planning("u")).problems())
        .extracting(it -> it.what())
        .containsExactly(
            "row 2 (2 notes) of the history has no U file in migrations"
                .replace(" of the history", ""),
            "U3__orders.sql has CONCURRENTLY, which no transaction can carry out");
    assertThatThrownBy(() -> run("target: '1'")).isInstanceOf(StepFailed.class);
    assertThat(versions()).hasSize(3);
  }

  @Test
  void a_failure_leaves_nothing_of_that_migration_and_is_resumed() throws Exception {
    // given
    files.write("U2__notes.sql", "ALTER TABLE users DROP COLUMN note; DROP TABLE no_such;");
    var in = input("target: base");
    var intent = journaled(action.intend(in, Optional.empty(), world.look("u")));
    // when
    assertThatThrownBy(() -> action.run(in, intent, world.act("u")))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("U2__notes.sql failed")
        .hasMessageContaining("nothing of it remains");
    // then
    assertThat(versions()).containsExactly("1", "2");
    assertThat(column(files.database(), "SELECT note FROM users WHERE id = 2"))
        .containsExactly("x");
    assertThat(action.inspect(in, intent, world.look("u")))
        .isEqualTo(new Observed.Partly<>("2 of 3 migrations are still to be taken back"));
    files.write("U2__notes.sql", "ALTER TABLE users DROP COLUMN note;");
    var output = action.run(in, intent, world.act("u"));
    assertThat(action.inspect(in, intent, world.look("u"))).isEqualTo(new Observed.Done<>(output));
    assertThat(versions()).isEmpty();
  }

  @Test
  void a_rollback_does_not_go_past_what_a_later_run_has_migrated() {
    assertThat(action.preview(input("target: '1'\nnewest: '2'"), world.planning("u")).problems())
        .singleElement()
        .asString()
        .contains("is at 3, newer than 2");
  }

  @Test
  void a_rollback_to_base_does_not_go_past_it_either() {
    var in = input("target: base\nnewest: base");
    assertThat(action.preview(in, world.planning("u")).problems())
        .singleElement()
        .asString()
        .contains("is at 3, newer than base");
  }

  @Test
  void a_rollback_takes_nothing_back_that_would_lose_something() throws Exception {
    // given
    var in = input("target: '1'\nnewest: '3'\nonly_empty: true");
    assertThat(action.preview(in, world.planning("u")).problems())
        .singleElement()
        .asString()
        .contains("drops table orders: rows lost; U2__notes.sql:1 drops column users.note: values")
        .contains("hint: 'run undo-migration --set target=1'");
    assertThatThrownBy(() -> run("only_empty: true")).hasMessageContaining(": rows lost");
    assertThat(versions()).hasSize(3);
    // when nothing is in them
    execute(files.database(), "DELETE FROM orders; UPDATE users SET note = NULL");
    // then
    assertThat(action.preview(in, world.planning("u")).problems()).isEmpty();
    run("target: '1'\nonly_empty: true");
    assertThat(versions()).containsExactly("1");
  }

  @Test
  void what_the_migrations_wrote_themselves_is_no_loss_and_what_others_wrote_is() throws Exception {
    // given
    files
        .write("V4__kinds.sql", "CREATE TABLE kinds (i int); INSERT INTO kinds VALUES (1);")
        .write("U4__kinds.sql", "DROP TABLE kinds;")
        .write("V5__more.sql", "INSERT INTO kinds VALUES (2);")
        .write("U5__more.sql", "SELECT 1;")
        .migrate(world, "latest");
    var in = input("target: '3'\nonly_empty: true");
    assertThat(action.preview(in, world.planning("u")).problems()).isEmpty();
    // when
    execute(files.database(), "UPDATE kinds SET i = 3 WHERE i = 2");
    assertThat(action.preview(in, world.planning("u")).problems())
        .singleElement()
        .asString()
        .contains("drops table kinds: rows lost");
    execute(files.database(), "DELETE FROM kinds WHERE i = 3");
    run("target: '3'\nonly_empty: true");
    // then
    assertThat(versions()).hasSize(3);
  }

  @Test
  void what_one_transaction_has_restored_is_not_taken_for_what_a_migration_wrote()
      throws Exception {
    // given
    var server = PostgresServer.shared();
    var dump = files.project().resolve("dump.sql").toString();
    server.run("pg_dump", "-c", "-f", dump, files.database()).ok();
    server.run("psql", "-1", "-q", "-f", dump, files.database()).ok();
    // when
    var preview = action.preview(input("only_empty: true"), world.planning("u"));
    // then
    assertThat(preview.problems()).singleElement().asString().contains("orders: rows lost");
  }

  @Test
  void what_was_written_after_the_safety_backup_is_said() throws Exception {
    // given
    var backup = Sample.backup(world, "{label: pre-undo}").file();
    var after = world.holding(new Claim.SafetyBackup(files.database(), backup));
    execute(files.database(), "INSERT INTO orders VALUES (8)");
    // when
    var in = input("{}");
    var intent = journaled(action.intend(in, Optional.empty(), after.look("u")));
    var output = journaled(action.run(in, intent, after.act("u")));
    // then
    assertThat(output.undone()).containsExactly("3");
    assertThat(output.writtenSince()).isPresent();
  }

  @Test
  void the_first_row_tells_that_a_table_is_not_empty() {
    // given that they can't all be counted, and nobody knows who wrote them
    execute(
        files.database(),
        "UPDATE flyway_schema_history SET installed_by = 'stamped by x'; DROP TABLE orders; CREATE VIEW orders AS"
            + " SELECT i FROM generate_series(1, 2) AS i WHERE 1 / (2 - i) > 0");
    // when
    var preview = action.preview(input("target: '2'\nonly_empty: true"), world.planning("u"));
    // then
    assertThat(preview.unknown()).singleElement().asString().startsWith("how many rows: ");
    assertThat(preview.problems())
        .singleElement()
        .asString()
        .contains(
            "no backup holds what this would lose: U3__orders.sql:1 drops table orders: rows");
  }

  @Test
  void a_U_file_runs_in_the_schema_in_which_its_V_file_ran() throws Exception {
    // given tables of that name in public, of somebody else
    execute(files.database(), "DROP TABLE flyway_schema_history; CREATE SCHEMA \"my app\"");
    try (var elsewhere = world.migrating("my app")) {
      files.migrate(elsewhere, "latest");
      var in = input("target: base");
      // when
      var preview = action.preview(in, elsewhere.planning("u"));
      var intent = journaled(action.intend(in, Optional.empty(), elsewhere.look("u")));
      action.run(in, intent, elsewhere.act("u"));
      // then
      assertThat(preview.warnings()).contains("U1__users.sql:1 drops table users: 0 rows lost");
      assertThat(column(files.database(), "SELECT to_regclass('\"my app\".users')::text"))
          .containsExactly("");
      assertThat(column(files.database(), "SELECT count(*)::text FROM public.users"))
          .containsExactly("2");
    }
  }

  @ParameterizedTest
  @CsvSource({"COMMIT", "begin", "ROLLBACK AND CHAIN", "END", "START TRANSACTION", "abort"})
  void a_U_file_can_not_end_its_transaction(String statement) {
    files.write("U3__orders.sql", "DROP TABLE orders;\n" + statement + ";\nDROP TABLE no_such;");
    assertThat(action.preview(input(""), world.planning("u")).problems())
        .singleElement()
        .asString()
        .contains("migrations/U3__orders.sql, line 2: ");
    assertThatThrownBy(() -> run("")).isInstanceOf(StepFailed.class);
    assertThat(column(files.database(), "SELECT id::text FROM orders")).containsExactly("7");
  }

  @Test
  void words_in_comments_and_bodies_are_no_statements() throws Exception {
    files.write(
        "U3__orders.sql",
        """
        \ufeff-- not CONCURRENTLY; COMMIT;
        DROP TABLE orders; SAVEPOINT s; ROLLBACK TO SAVEPOINT s;
        DO $$ BEGIN PERFORM 1; END $$;
        CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END;
        """);
    assertThat(action.preview(input(""), world.planning("u")).problems()).isEmpty();
    assertThat(run("").undone()).containsExactly("3");
  }

  @Test
  void a_plan_changes_with_a_U_file() {
    var before = action.preview(input(""), world.planning("u")).facts();
    files.write("U3__orders.sql", "DROP TABLE orders; DROP TABLE users;");
    assertThat(action.preview(input(""), world.planning("u")).facts()).isNotEqualTo(before);
  }

  @Test
  void a_row_that_failed_is_not_counted_as_applied() throws Exception {
    files.write("V4__x.sql", "SELECT 1;").write("U4__x.sql", "SELECT 1;");
    execute(
        files.database(),
        "INSERT INTO flyway_schema_history VALUES (4, '4', 'x', 'SQL', 'V4__x.sql', 1, 'x',"
            + " now(), 1, false)");
    assertThat(action.preview(input(""), world.planning("u")).problems())
        .singleElement()
        .asString()
        .contains("row 4 (4 x) of the history failed half-way");
  }

  @Test
  void a_history_with_undone_rows_of_Flyway_Teams_is_taken_back_too() throws Exception {
    execute(
        files.database(),
        "UPDATE flyway_schema_history SET installed_rank = 5 WHERE version = '3';"
            + " INSERT INTO flyway_schema_history SELECT 3, version, description, 'SQL', script,"
            + " checksum, installed_by, now(), 1, true FROM flyway_schema_history"
            + " WHERE version = '3';"
            + " INSERT INTO flyway_schema_history SELECT 4, version, description, 'UNDO_SQL',"
            + " 'U3__orders.sql', checksum, installed_by, now(), 1, true"
            + " FROM flyway_schema_history WHERE installed_rank = 3");
    assertThat(run("").undone()).containsExactly("3");
    assertThat(MigrationLook.at(files.database(), world.look("u")).current()).isEqualTo("2");
  }

  @Test
  void a_name_with_a_dot_is_one_name_and_a_locked_table_is_not_waited_for() throws Exception {
    execute(files.database(), "CREATE TABLE \"a.b\" (id int); INSERT INTO \"a.b\" VALUES (1)");
    files.write("U3__orders.sql", "DROP TABLE \"a.b\"; DROP TABLE orders;");
    try (var other = PostgresServer.shared().connect(files.database());
        var statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE orders");
      var preview = action.preview(input(""), world.planning("u"));
      assertThat(preview.warnings()).contains("U3__orders.sql:1 drops table a.b: 1 rows lost");
      assertThat(preview.unknown())
          .containsExactly("how many rows: U3__orders.sql:1 drops table orders");
    }
  }

  @Test
  void its_way_back_makes_the_tables_again_and_says_that_they_are_empty() {
    var call = action.undo(input(""), world.planning("u")).orElseThrow();
    assertThat(call.action()).isEqualTo("flyway.migrate");
    assertThat(call.with().get("no_way_back")).contains("empty");
  }
}
