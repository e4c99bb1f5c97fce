package pgrunbook.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static pgrunbook.testing.TestWorld.journaled;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.action.Effect;
import pgrunbook.action.Observed;
import pgrunbook.action.StepFailed;
import pgrunbook.expression.Scope;
import pgrunbook.postgres.PostgresException;
import pgrunbook.process.Deadline;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.TestWorld;
import pgrunbook.text.Masking;
import pgrunbook.text.Secret;

class PostgresQueryTest {
  private final PostgresQuery action = new PostgresQuery();
  private TestWorld world;

  @BeforeEach
  void a_database_with_three_users(@TempDir Path folder) throws Exception {
    var server = PostgresServer.shared();
    var database = server.createDatabase("query");
    server.execute(database, "create table users as select generate_series(1, 3) as id");
    world = TestWorld.in(folder, database);
  }

  @AfterEach
  void close() {
    world.close();
  }

  private PostgresQuery.Input query(String sql, String more) {
    return world.input(action, "sql: |\n  " + sql + "\n" + more);
  }

  private PostgresQuery.Output run(PostgresQuery.Input in) throws Exception {
    var intent = journaled(action.intend(in, Optional.empty(), world.look("q")));
    return action.run(in, intent, world.act("q"));
  }

  private String users() throws Exception {
    return run(query("select count(*) from users", "")).value().orElseThrow();
  }

  @Test
  void a_plan_shows_the_statement_and_runs_nothing() throws Exception {
    // when
    var preview =
        action.preview(query("delete from users", "effect: mutating"), world.planning("q"));
    // then
    var database = world.target().database();
    assertThat(preview.effect()).isEqualTo(Effect.MUTATING);
    assertThat(preview.problems()).isEmpty();
    assertThat(preview.warnings()).isEmpty();
    assertThat(preview.commands())
        .containsExactly("delete from users  -- in " + database + ", in one transaction");
    assertThat(users()).isEqualTo("3");
  }

  @Test
  void a_plan_finds_slips_of_the_pen_and_names_what_is_missing_so_far() {
    // when
    var slip = action.preview(query("selekt 1", ""), world.planning("q"));
    var missing = action.preview(query("select * from later", ""), world.planning("q"));
    // then
    assertThat(slip.problems()).singleElement().asString().contains("syntax error");
    assertThat(missing.problems()).isEmpty();
    assertThat(missing.warnings()).singleElement().asString().contains("\"later\" does not exist");
  }

  @Test
  void a_database_that_is_not_there_yet_is_no_problem() {
    // given
    Scope scope = _ -> new Scope.Found.Pending("‹steps.a.database›", Set.of("a"));
    var yaml = "sql: select 1\ndatabase: ${steps.a.database}";
    // when
    var preview = action.preview(world.input(action, yaml, scope), world.planning("q"));
    // then
    assertThat(preview.problems()).isEmpty();
    assertThat(preview.unknown()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"select 1; drop table users", "-- nothing"})
  void anything_but_one_statement_is_a_problem(String sql) {
    assertThat(action.preview(query(sql, ""), world.planning("q")).problems()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "select id from users order by id           | 1    | 3",
        "select count(*) > 2 from users             | true | 1",
        "select '{\"a\": 1}'::jsonb ? 'a'           | true | 1",
        "select generate_series(1, 2500)            | 1    | 2500",
        "select null                                |      | 1",
        "select id from users where id = 9          |      | 0",
        "show server_encoding                       | UTF8 | 1"
      })
  void the_first_value_and_the_number_of_rows_come_out(String sql, String value, long rows)
      throws Exception {
    var output = run(query(sql, ""));
    assertThat(output).isEqualTo(new PostgresQuery.Output(Optional.ofNullable(value), rows));
    assertThat(journaled(output)).isEqualTo(output);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "delete from users",
        "do 'begin set transaction read write; delete from users; end'",
        "do 'begin set default_transaction_read_only = off; commit; delete from users; end'",
        "select set_config('transaction_read_only', 'off', false)"
      })
  void what_is_said_to_read_cannot_write(String sql) throws Exception {
    assertThatThrownBy(() -> run(query(sql, ""))).isInstanceOf(StepFailed.class);
    assertThat(users()).isEqualTo("3");
  }

  @ParameterizedTest
  @CsvSource({"3", "3.0", "'\"3\"'"})
  void the_value_that_is_expected_is_success(String expected) throws Exception {
    assertThat(run(query("select count(*) from users", "is: " + expected)).rows()).isEqualTo(1);
  }

  @Test
  void numbers_are_compared_as_numbers_and_texts_are_not() throws Exception {
    assertThat(run(query("select 5.00", "is: 5")).value()).contains("5.00");
    assertThatThrownBy(() -> run(query("select 5.00", "is: '5'"))).isInstanceOf(StepFailed.class);
  }

  @Test
  void another_value_than_the_expected_fails_the_step() {
    assertThatThrownBy(() -> run(query("select 2 > 3", "is: true")))
        .isInstanceOf(StepFailed.class)
        .hasMessage("expected true, found false");
    assertThatThrownBy(() -> run(query("select null", "is: 1")))
        .isInstanceOf(StepFailed.class)
        .hasMessage("expected 1, found NULL");
  }

  @Test
  void a_change_is_committed_and_counted() throws Exception {
    var output = run(query("delete from users where id > 1", "effect: mutating"));
    assertThat(output).isEqualTo(new PostgresQuery.Output(Optional.empty(), 2));
    assertThat(users()).isEqualTo("1");
  }

  @Test
  void a_change_that_yields_something_else_than_expected_is_rolled_back() throws Exception {
    // given
    var in = query("delete from users returning count(*) over ()", "effect: mutating\nis: 1");
    var simple =
        query(
            "with d as (delete from users returning 1) select count(*) from d",
            "effect: mutating\nis: 1");
    // then
    assertThatThrownBy(() -> run(in)).isInstanceOf(StepFailed.class);
    assertThatThrownBy(() -> run(simple))
        .isInstanceOf(StepFailed.class)
        .hasMessage("expected 1, found 3; nothing was changed");
    assertThat(users()).isEqualTo("3");
  }

  @Test
  void the_servers_words_and_their_hint_are_the_failure() {
    assertThatThrownBy(() -> run(query("select * from usersz", "")))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("relation \"usersz\" does not exist");
  }

  @Test
  void a_change_whose_connection_is_lost_has_not_failed_for_certain() {
    var in = query("select pg_terminate_backend(pg_backend_pid())", "effect: mutating");
    assertThatThrownBy(() -> run(in)).isInstanceOf(PostgresException.class);
  }

  @Test
  void a_statement_that_takes_too_long_is_cancelled() {
    var in = query("select pg_sleep(60)", "");
    var act = world.act("q", Deadline.in(Duration.ofMillis(500)));
    assertThatThrownBy(() -> action.run(in, new PostgresQuery.Intent(), act))
        .isInstanceOf(StepFailed.class)
        .hasMessage("cancelled because its time was over");
  }

  @Test
  void after_a_crash_a_change_is_unknown_unless_it_may_be_made_twice() {
    // given
    var intent = new PostgresQuery.Intent();
    var look = world.look("q");
    // then
    assertThat(action.inspect(query("delete from users", "effect: mutating"), intent, look))
        .isInstanceOf(Observed.Unknown.class);
    assertThat(
            action.inspect(
                query("delete from users", "effect: mutating\nrepeatable: true"), intent, look))
        .isEqualTo(new Observed.NotDone<>());
    assertThat(action.inspect(query("select 1", ""), intent, look))
        .isEqualTo(new Observed.NotDone<>());
  }

  @Test
  void what_a_statement_yields_is_given_on_without_secrets() throws Exception {
    // given
    var masked = world.with(new Masking(List.of(new Secret("geheim"))));
    var sql = "select 'pw is ge' || 'heim'";
    // when
    var found = action.run(query(sql, ""), new PostgresQuery.Intent(), masked.act("q"));
    // then
    assertThat(found.value()).contains("pw is ***");
    // and an expectation that is not met names none
    assertThatThrownBy(
            () -> action.run(query(sql, "is: geheim"), new PostgresQuery.Intent(), masked.act("q")))
        .hasMessage("expected ***, found pw is ***");
  }
}
