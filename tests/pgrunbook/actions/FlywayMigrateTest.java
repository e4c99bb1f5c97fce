package pgrunbook.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static pgrunbook.testing.Databases.column;
import static pgrunbook.testing.Databases.execute;
import static pgrunbook.testing.TestWorld.journaled;

import java.nio.file.Path;
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
import pgrunbook.action.Fact;
import pgrunbook.action.Observed;
import pgrunbook.action.StepFailed;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.TestWorld;

@Timeout(120)
class FlywayMigrateTest {
  private final FlywayMigrate action = new FlywayMigrate();
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

  private FlywayMigrate.Input input(String yaml) {
    return world.input(action, yaml.isEmpty() ? "{}" : yaml);
  }

  private FlywayMigrate.Intent intend(FlywayMigrate.Input in) throws Exception {
    return journaled(action.intend(in, Optional.empty(), world.look("m")));
  }

  private FlywayMigrate.Output run(String yaml) throws Exception {
    var in = input(yaml);
    return journaled(action.run(in, intend(in), world.act("m")));
  }

  private String version() {
    return column(
            files.database(),
            "SELECT max(version::int)::text FROM flyway_schema_history WHERE success")
        .getFirst();
  }

  @Test
  void a_plan_shows_the_files_and_their_SQL_and_applies_nothing() throws Exception {
    // given
    run("target: '+1'");
    // when
    var preview = action.preview(input(""), world.planning("m"));
    // then
    assertThat(preview.effect()).isEqualTo(Effect.MUTATING);
    assertThat(preview.problems()).isEmpty();
    assertThat(preview.headlines())
        .containsExactly("migrates " + files.database() + " from 1 to 3: 2 files");
    assertThat(preview.commands())
        .containsExactly(
            "-- V2__notes.sql",
            "ALTER TABLE users ADD note text;",
            "-- V3__orders.sql",
            "CREATE TABLE orders (id int);");
    assertThat(preview.facts())
        .filteredOn(Fact::identity)
        .extracting(Fact::name)
        .containsExactly("version of " + files.database(), "pending migrations");
    assertThat(preview.needs()).isEmpty();
    assertThat(version()).isEqualTo("1");
  }

  @ParameterizedTest
  @CsvSource({"latest, 3", "+2, 2", "2, 2"})
  void it_applies_up_to_the_target_and_yields_what_it_applied(String target, String newest)
      throws Exception {
    var output = run("target: '" + target + "'");
    assertThat(output.from()).isEqualTo("base");
    assertThat(output.to()).isEqualTo(newest).isEqualTo(version());
    assertThat(output.applied())
        .hasSize(Integer.parseInt(newest))
        .first()
        .asString()
        .startsWith("1:");
    assertThat(world.log()).contains("apply 1 users");
    assertThat(run("target: '" + newest + "'").applied()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "+9       | only 3 migrations are pending",
        "7        | no file in migrations has version 7",
        "newest   | 'newest' is no target",
        "-1       | '-1' is no target"
      })
  void a_target_that_there_is_not_is_a_problem(String target, String what) {
    var preview = action.preview(input("target: '" + target + "'"), world.planning("m"));
    assertThat(preview.problems()).singleElement().asString().contains(what).contains("hint:");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DROP TABLE users                                         | drops table users",
        "ALTER TABLE users DROP note, DROP CONSTRAINT x           | drops column users.note",
        "DELETE FROM users                                        | deletes rows of users",
        "UPDATE public.users SET name = ''                        | overwrites rows of public.users",
        "TRUNCATE users                                           | empties table users",
        "DO $$ BEGIN IF true THEN DROP TABLE users; END IF; END $$ | drops table users",
        "DROP SCHEMA x CASCADE                                    | drop schema x cascade",
        "ALTER TABLE users ALTER COLUMN name TYPE int             | changes the type of users.name",
        "ALTER TYPE t DROP ATTRIBUTE a                            | alter type t drop attribute a",
        "WITH x AS (SELECT 1) MERGE INTO users USING x ON true    | merges into rows of users",
        "SELECT lo_unlink(1)                                      | removes large objects",
        "DO 'BEGIN DROP TABLE users; END'                         | drops table users",
        "DO $$ BEGIN WITH x AS (DELETE FROM users RETURNING 1) SELECT 1; END $$ | deletes rows of users",
        "DO $$ BEGIN FOR r IN DELETE FROM users RETURNING 1 LOOP END LOOP; END $$ | deletes rows of users",
        "DO $$ BEGIN INSERT INTO users VALUES (1) ON CONFLICT (id) DO UPDATE SET id = 2; END $$ | overwrites rows of users"
      })
  void what_destroys_needs_a_way_back(String sql, String shown) throws Exception {
    run("");
    files.write("V4__x.sql", "-- DROP TABLE in a comment\n" + sql);
    var preview = action.preview(input(""), world.planning("m"));
    assertThat(preview.effect()).isEqualTo(Effect.DESTRUCTIVE);
    assertThat(preview.needs()).containsExactly(new Claim.WayBack(files.database()));
    assertThat(preview.warnings()).contains("V4__x.sql:2 " + shown);
    var without = action.preview(input("no_way_back: it is dev"), world.planning("m"));
    assertThat(without.needs()).isEmpty();
  }

  @Test
  void what_can_not_be_told_needs_a_way_back_too() {
    files.write("V4__x.sql", "DO $$ BEGIN EXECUTE 'DROP TABLE users'; END $$");
    var preview = action.preview(input(""), world.planning("m"));
    assertThat(preview.needs()).containsExactly(new Claim.WayBack(files.database()));
    assertThat(preview.unknown()).singleElement().asString().contains("execute DROP TABLE users");
  }

  @Test
  void a_byte_order_mark_hides_nothing() {
    files.write("V4__x.sql", "\ufeffDROP TABLE users");
    assertThat(action.preview(input(""), world.planning("m")).warnings())
        .contains("V4__x.sql:1 drops table users");
  }

  @Test
  void what_only_looks_as_if_it_destroyed_does_not() throws Exception {
    files.write(
        "V4__x.sql",
        """
        CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ DELETE FROM users $$;
        COMMENT ON TABLE users IS 'DROP TABLE users;';
        CREATE TABLE o (id int REFERENCES p (id) ON DELETE CASCADE ON UPDATE CASCADE);
        CREATE TRIGGER t AFTER UPDATE ON users EXECUTE FUNCTION g();
        ALTER TABLE users ALTER name DROP NOT NULL; DROP INDEX IF EXISTS i;
        ALTER TABLE users ADD type text;
        DO $$ BEGIN CREATE TABLE q (id int REFERENCES p (id) ON DELETE CASCADE);
          PERFORM id FROM users FOR UPDATE; GRANT SELECT, UPDATE ON users TO PUBLIC; END $$;
        """);
    var preview = action.preview(input(""), world.planning("m"));
    assertThat(preview.effect()).isEqualTo(Effect.MUTATING);
  }

  @Test
  void a_plan_warns_of_a_file_that_nobody_has_written_yet() throws Exception {
    files.write("V3__orders.sql", "-- orders\n-- Undo: U3__orders.sql\n");
    assertThat(action.preview(input(""), world.planning("m")).warnings())
        .contains("V3__orders.sql holds no statement, and can't get one later");
  }

  @Test
  void a_plan_refuses_what_is_odd() throws Exception {
    run("");
    files.write("V2__notes.sql", "ALTER TABLE users ADD remark text;").remove("V3__orders.sql");
    files.remove("U3__orders.sql");
    var preview = action.preview(input(""), world.planning("m"));
    assertThat(preview.problems()).hasSize(2);
    assertThat(preview.problems().getFirst().toString())
        .startsWith("migrations/V2__notes.sql: it was changed after it was applied");
    assertThatThrownBy(() -> run("")).isInstanceOf(StepFailed.class);
  }

  @Test
  void a_failure_names_the_place_and_leaves_those_before_applied() throws Exception {
    files.write("V3__orders.sql", "CREATE TABLE orders (id int);\nSELECT 1/0;");
    var in = input("");
    var intent = intend(in);
    assertThatThrownBy(() -> action.run(in, intent, world.act("m")))
        .isInstanceOf(StepFailed.class)
        .hasMessage(
            "migrations/V3__orders.sql:2:1: division by zero (SQLSTATE 22012)\n  SELECT 1/0");
    assertThat(version()).isEqualTo("2");
    // then it is partly done, and a file that was mended is another plan
    assertThat(action.inspect(in, intent, world.look("m")))
        .isEqualTo(new Observed.Partly<>("2 of 3 migrations are applied, up to 2"));
    files.write("V3__orders.sql", "CREATE TABLE orders (id int);");
    assertThatThrownBy(() -> action.intend(in, Optional.of(intent), world.look("m")))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("the file of version 3 is not any more");
    assertThat(run("").applied()).hasSize(1);
  }

  @Test
  void it_goes_on_where_a_crash_left_it_and_finds_out_that_it_was_done() throws Exception {
    // given
    var in = input("");
    var intent = intend(in);
    assertThat(action.inspect(in, intent, world.look("m"))).isEqualTo(new Observed.NotDone<>());
    run("target: '+1'");
    assertThat(action.inspect(in, intent, world.look("m"))).isInstanceOf(Observed.Partly.class);
    // when
    var again = journaled(action.intend(in, Optional.of(intent), world.look("m")));
    var output = action.run(in, again, world.act("m"));
    // then
    assertThat(output.from()).isEqualTo("base");
    assertThat(output.applied()).hasSize(3);
    assertThat(action.inspect(in, intent, world.look("m"))).isEqualTo(new Observed.Done<>(output));
  }

  @Test
  void a_file_that_was_added_since_is_not_applied() throws Exception {
    files.remove("V2__notes.sql").remove("U2__notes.sql");
    var in = input("");
    var intent = intend(in);
    run("target: '+1'");
    files.write("V2__late.sql", "CREATE TABLE late (id int);");
    for (var phase :
        java.util.List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
            () -> action.intend(in, Optional.of(intent), world.look("m")),
            () -> action.run(in, intent, world.act("m")))) {
      assertThatThrownBy(phase)
          .isInstanceOf(StepFailed.class)
          .hasMessage("V2__late.sql was added since the plan was made");
    }
    assertThat(version()).isEqualTo("1");
  }

  @Test
  void what_runs_outside_a_transaction_is_never_run_twice_by_itself() throws Exception {
    // given
    run("");
    files.write("V4__x.sql", "UPDATE users SET id = id + 1; SELECT 1;");
    files.write("V4__x.sql.conf", "# slow\nexecuteInTransaction=false\n");
    var in = input("no_way_back: it is dev");
    // then
    assertThat(action.preview(in, world.planning("m")).commands())
        .contains("-- V4__x.sql.conf", "executeInTransaction=false");
    assertThat(action.inspect(in, intend(in), world.look("m")))
        .isInstanceOfSatisfying(
            Observed.Unknown.class,
            it -> assertThat(it.why()).startsWith("V4__x.sql runs outside a transaction"));
  }

  @Test
  void settings_that_would_change_the_SQL_are_a_problem() {
    files.write("V3__orders.sql.conf", "placeholderReplacement=true");
    assertThat(action.preview(input(""), world.planning("m")).problems())
        .singleElement()
        .asString()
        .startsWith("migrations/V3__orders.sql.conf: 'placeholderReplacement=true' is not allowed");
  }

  @Test
  void a_file_that_ends_its_transaction_is_a_problem() {
    files.write("V3__orders.sql", "CREATE TABLE orders (id int);\nCOMMIT;");
    assertThat(action.preview(input(""), world.planning("m")).problems())
        .singleElement()
        .asString()
        .startsWith("migrations/V3__orders.sql, line 2: commit");
    assertThatThrownBy(() -> run("")).isInstanceOf(StepFailed.class);
  }

  @Test
  void what_is_never_in_a_transaction_stands_alone_in_its_file() throws Exception {
    // given
    var mixed = "CREATE TABLE orders (id int);\nCREATE INDEX CONCURRENTLY o ON orders (id);";
    files.write("V3__orders.sql", mixed);
    // then
    assertThat(action.preview(input(""), world.planning("m")).problems())
        .singleElement()
        .asString()
        .startsWith("migrations/V3__orders.sql, line 2: CREATE INDEX CONCURRENTLY … can't be in a");
    assertThatThrownBy(() -> run("")).isInstanceOf(StepFailed.class);
    // and where its settings say so, Flyway carries out all of it without one
    files.write("V3__orders.sql.conf", "executeInTransaction=false");
    assertThat(action.preview(input(""), world.planning("m")).problems()).isEmpty();
    assertThat(run("").applied()).hasSize(3);
  }

  @Test
  void who_holds_the_lock_is_named() throws Exception {
    run("target: '1'");
    try (var blocker = PostgresServer.shared().connect(files.database());
        var statement = blocker.createStatement()) {
      blocker.setAutoCommit(false);
      statement.execute("SET application_name = 'nightly report'");
      statement.execute("LOCK TABLE users IN ACCESS SHARE MODE");
      assertThatThrownBy(() -> run("lock_timeout: 1s"))
          .isInstanceOfSatisfying(
              StepFailed.class,
              e -> {
                assertThat(e)
                    .hasMessageContaining("lock timeout")
                    .hasMessageContaining("V2__notes");
                assertThat(e.hint().orElseThrow())
                    .contains("nightly report", "idle in transaction");
              });
    }
    assertThat(run("").applied()).hasSize(2);
  }

  @Test
  void an_unfinished_index_is_never_guessed_about() throws Exception {
    // given: as a kill in the midst of CREATE INDEX CONCURRENTLY leaves it
    run("");
    files.write("V4__index.sql", "CREATE INDEX CONCURRENTLY users_id ON users (id);");
    var in = input("");
    var intent = intend(in);
    execute(files.database(), "CREATE INDEX users_id ON users (id)");
    execute(
        files.database(),
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'users_id'::regclass");
    // then
    assertThat(action.inspect(in, intent, world.look("m")))
        .isInstanceOfSatisfying(
            Observed.Unknown.class,
            it -> assertThat(it.why()).contains("DROP INDEX CONCURRENTLY users_id"));
    execute(files.database(), "DROP INDEX users_id");
    assertThat(action.inspect(in, intent, world.look("m"))).isEqualTo(new Observed.NotDone<>());
  }

  @Test
  void its_way_back_is_undo_where_every_file_has_one() {
    assertThat(action.undo(input(""), world.planning("m")).orElseThrow().action())
        .isEqualTo("flyway.undo");
    files.remove("U2__notes.sql");
    assertThat(action.undo(input(""), world.planning("m"))).isEmpty();
    assertThat(action.preview(input(""), world.planning("m")).warnings())
        .singleElement()
        .asString()
        .contains("V2__notes.sql has no U file");
    assertThat(action.undo(input("target: '+1'"), world.planning("m"))).isPresent();
  }
}
