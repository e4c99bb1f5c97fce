package pgrunbook.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.action.Claim;
import pgrunbook.action.Effect;
import pgrunbook.action.Observed;
import pgrunbook.action.StepFailed;
import pgrunbook.process.Deadline;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.TestWorld;

class SqlTest {
  private static final String MASK =
      """
      -- a brace { and a question mark ? are no parameters
      UPDATE users SET email = 'user' || id || '@example.org' WHERE email <> '?{}\\';
      CREATE FUNCTION masked() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END;
      DO $do$ BEGIN UPDATE users SET name = 'x; y' WHERE id = 1; END $do$
      """;

  @TempDir private Path project;

  private final Sql action = new Sql();
  private String database;
  private TestWorld world;

  @BeforeEach
  void open() throws Exception {
    database = PostgresServer.shared().createDatabase("sql");
    world = TestWorld.in(project, database);
    world
        .server()
        .execute(
            database,
            "CREATE TABLE users (id int, name text, email text);"
                + " INSERT INTO users VALUES (1, 'Ann', 'ann@x'), (2, 'Bo', 'bo@x')");
  }

  @AfterEach
  void close() {
    world.close();
  }

  private Sql.Input in(String sql, String more) throws Exception {
    Files.writeString(project.resolve("mask.sql"), sql);
    return world.input(action, "{file: mask.sql, database: " + database + more + "}");
  }

  private String users() {
    return world
        .cluster()
        .read(
            database,
            connection -> {
              try (var statement = connection.createStatement();
                  var row =
                      statement.executeQuery(
                          "SELECT string_agg(name || ' ' || email, ',' ORDER BY id) FROM users")) {
                return row.next() ? row.getString(1) : "";
              }
            });
  }

  private Sql.Intent intent(Sql.Input in) throws Exception {
    return action.intend(in, Optional.empty(), world.look("mask"));
  }

  @Test
  void a_file_is_run_in_one_transaction_and_is_known_to_be_done() throws Exception {
    // given
    var in = in(MASK, "");
    var intent = intent(in);
    assertThat(action.inspect(in, intent, world.look("mask"))).isInstanceOf(Observed.NotDone.class);
    // when
    var output = action.run(in, intent, world.act("mask"));
    // then
    assertThat(users()).isEqualTo("x; y user1@example.org,Bo user2@example.org");
    assertThat(output.statements()).isEqualTo(3);
    assertThat(action.inspect(in, TestWorld.journaled(intent), world.look("mask")))
        .isEqualTo(new Observed.Done<>(output));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-- UPDATE users SET email = 'x';\n;\n"})
  void what_holds_no_statement_masks_nothing_and_is_refused(String sql) throws Exception {
    assertThat(action.preview(in(sql, ""), world.look("mask")).problems())
        .anySatisfy(it -> assertThat(it.what()).isEqualTo("mask.sql holds no statement"));
  }

  @Test
  void a_failure_leaves_nothing_and_is_known_to_be_not_done() throws Exception {
    // given
    var in = in("DELETE FROM users; SELECT 1 / 0;", "");
    var intent = intent(in);
    // when, then
    assertThatThrownBy(() -> action.run(in, intent, world.act("mask")))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("division by zero");
    assertThat(users()).startsWith("Ann");
    assertThat(action.inspect(in, intent, world.look("mask"))).isInstanceOf(Observed.NotDone.class);
  }

  @Test
  void a_connection_lost_in_the_middle_is_looked_into_afterwards() throws Exception {
    // given
    var in = in("DELETE FROM users; SELECT pg_terminate_backend(pg_backend_pid());", "");
    var intent = intent(in);
    // when
    assertThatThrownBy(() -> action.run(in, intent, world.act("mask")))
        .isNotInstanceOf(StepFailed.class);
    // then
    assertThat(action.inspect(in, intent, world.look("mask"))).isInstanceOf(Observed.NotDone.class);
    assertThat(users()).startsWith("Ann");
  }

  @Test
  void without_a_transaction_nobody_knows_unless_it_may_run_twice() throws Exception {
    // given
    var in = in("VACUUM users; UPDATE users SET name = 'y'", ", transaction: false");
    var again =
        in("VACUUM users; UPDATE users SET name = 'y'", ", transaction: false, repeatable: true");
    // when
    action.run(again, intent(again), world.act("mask"));
    // then
    assertThat(users()).startsWith("y");
    assertThat(action.inspect(in, intent(in), world.look("mask")))
        .isInstanceOf(Observed.Unknown.class);
    assertThat(action.inspect(again, intent(again), world.look("mask")))
        .isInstanceOf(Observed.NotDone.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT 1; \\connect prod|\\connect is a command of psql",
        "SELECT 1 \\gexec|\\gexec is a command of psql",
        "BEGIN; DELETE FROM users; COMMIT;|BEGIN does not belong",
        "COPY users FROM stdin;|COPY … FROM stdin",
        "SELECT 'x|the file ends inside a string"
      })
  void what_is_no_sql_or_would_end_the_transaction_is_refused_in_the_plan(String sql, String what)
      throws Exception {
    // given
    var in = in(sql, "");
    // when
    var preview = action.preview(in, world.planning("mask"));
    // then
    assertThat(preview.problems())
        .anySatisfy(problem -> {
          assertThat(problem.what()).contains(what);
          assertThat(problem.at().toString()).startsWith("mask.sql:");
        });
    var intent = intent(in);
    assertThatThrownBy(() -> action.run(in, intent, world.act("mask")))
        .isInstanceOf(StepFailed.class);
    assertThat(users()).startsWith("Ann");
  }

  @Test
  void a_plan_shows_the_sql_and_asks_for_a_way_back_where_it_is_the_environments_database()
      throws Exception {
    // given
    var in = in(MASK, "");
    var own = world.holding(new Claim.Restored("other"), new Claim.ContentVerified("other"));
    var beside = world.input(action, "{text: SELECT 1, database: other}");
    // when
    var preview = action.preview(in, world.planning("mask"));
    var other = action.preview(beside, own.planning("mask"));
    // then
    assertThat(preview.effect()).isEqualTo(Effect.DESTRUCTIVE);
    assertThat(preview.needs()).containsExactly(new Claim.WayBack(database));
    assertThat(preview.commands())
        .contains(
            "UPDATE users SET email = 'user' || id || '@example.org' WHERE email <> '?{}\\';");
    assertThat(preview.facts()).anyMatch(fact -> fact.identity() && fact.name().equals("sha256"));
    assertThat(other.effect()).isEqualTo(Effect.MUTATING);
    assertThat(other.needs()).isEmpty();
    assertThat(other.warnings().getFirst()).contains("is not what the backup holds");
    assertThat(users()).startsWith("Ann");
  }

  @Test
  void a_database_that_is_not_the_runs_own_takes_a_reason_and_is_destroyed_in_the_plan() {
    // given
    var drop = "{text: DROP DATABASE x, transaction: false, database: postgres";
    // when
    var bare = action.preview(world.input(action, drop + "}"), world.planning("mask"));
    var reasoned =
        action.preview(
            world.input(action, drop + ", no_way_back: it is a copy}"), world.planning("mask"));
    // then
    assertThat(bare.effect()).isEqualTo(Effect.DESTRUCTIVE);
    assertThat(bare.problems().getFirst().what()).contains("no database that this run has made");
    assertThat(reasoned.effect()).isEqualTo(Effect.DESTRUCTIVE);
    assertThat(reasoned.problems()).isEmpty();
    assertThat(reasoned.warnings()).contains("there is no way back: it is a copy");
  }

  @Test
  void a_database_that_turns_out_to_be_the_environments_is_refused() throws Exception {
    // given
    var in = in("DROP TABLE users", ", no_way_back: a mistake");
    var elsewhere = in("DROP TABLE users", "_other");
    var foreseen = Map.of("sha256", intent(in).sha256()); // of a plan that did not know the name
    var act = world.act(TestWorld.RUN, "mask", foreseen, Deadline.none());
    // when, then
    assertThatThrownBy(() -> action.intend(in, Optional.empty(), act))
        .isInstanceOf(StepFailed.class)
        .hasMessage("'database' turns out to be " + database + ", the environment's own");
    assertThatThrownBy(() -> action.intend(elsewhere, Optional.empty(), act))
        .isInstanceOf(StepFailed.class)
        .hasMessage(database + "_other is no database that this run has made");
  }

  @Test
  void what_stays_of_a_script_without_a_transaction_is_said_and_is_not_certain() throws Exception {
    // given
    var in =
        in(
            "UPDATE users SET id = id + 10; SELECT 1 / 0; DELETE FROM users",
            ", transaction: false");
    var intent = intent(in);
    // when, then
    assertThatThrownBy(() -> action.run(in, intent, world.act("mask")))
        .isInstanceOfSatisfying(StepFailed.class, e -> assertThat(e.certain()).isFalse())
        .hasMessageContaining("statement 2 of 3 failed, and what came before it stays: ")
        .hasMessageContaining("division by zero");
  }

  @Test
  void without_a_transaction_a_script_may_have_its_own_and_rows_are_read_bit_by_bit()
      throws Exception {
    // given
    var in =
        in(
            "VACUUM users; BEGIN; SELECT * FROM users; DELETE FROM users; ROLLBACK;"
                + " -- many\n(SELECT repeat('x', 100000) FROM generate_series(1, 4000));"
                + " UPDATE users SET name = 'z' RETURNING id; VACUUM users",
            ", transaction: false, repeatable: true");
    // when
    action.run(in, intent(in), world.act("mask"));
    // then
    assertThat(users()).startsWith("z ann@x,z bo@x");
    assertThat(world.log()).anyMatch(line -> line.startsWith("4000 rows: SELECT repeat"));
  }

  @Test
  void a_file_that_changed_since_the_plan_is_not_run() throws Exception {
    // given
    var in = in("DELETE FROM users", "");
    var foreseen = action.preview(in, world.planning("mask")).foreseen();
    Files.writeString(project.resolve("mask.sql"), "DROP TABLE users");
    // when, then
    var act = world.act(TestWorld.RUN, "mask", foreseen, Deadline.none());
    assertThatThrownBy(() -> action.intend(in, Optional.empty(), act))
        .isInstanceOf(StepFailed.class)
        .hasMessage("mask.sql changed since the plan");
  }

  @Test
  void a_byte_order_mark_is_no_sql_and_what_is_not_utf_8_is_a_problem() throws Exception {
    // given
    var in = in("\ufeffDELETE FROM users", "");
    // when
    action.run(in, intent(in), world.act("mask"));
    Files.write(project.resolve("mask.sql"), new byte[] {(byte) 0xfc});
    // then
    assertThat(users()).isNull();
    assertThat(action.preview(in, world.planning("mask")).problems().getFirst().what())
        .endsWith("can't be read: it is not UTF-8");
  }

  @Test
  void a_file_that_is_not_there_is_a_problem_of_the_plan() {
    // given
    var in = world.input(action, "{file: nothing.sql}");
    // when, then
    assertThat(action.preview(in, world.planning("mask")).problems().getFirst().what())
        .isEqualTo("the SQL file 'nothing.sql' can't be read: there is no such file");
  }

  @Test
  void a_file_without_a_statement_would_mask_nothing_and_is_a_problem() throws Exception {
    // given
    var in = in("-- UPDATE users SET name = 'x';\n", "");
    // when, then
    assertThat(action.preview(in, world.planning("mask")).problems().getFirst().what())
        .isEqualTo("mask.sql holds no statement");
  }
}
