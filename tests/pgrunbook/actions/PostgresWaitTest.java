package pgrunbook.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static pgrunbook.testing.TestWorld.journaled;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.action.Effect;
import pgrunbook.action.Observed;
import pgrunbook.action.StepFailed;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.TestWorld;

@Timeout(60)
class PostgresWaitTest {
  private final PostgresWait action = new PostgresWait();
  private final PostgresServer server = PostgresServer.shared();
  private String database;
  private TestWorld world;

  @BeforeEach
  void a_database(@TempDir Path folder) throws Exception {
    database = server.createDatabase("wait");
    server.execute(database, "create table ready (yes boolean)");
    world = TestWorld.in(folder, database);
  }

  @AfterEach
  void close() {
    world.close();
  }

  private PostgresWait.Input waiting(String yaml) {
    return world.input(action, "every: 100ms\n" + yaml);
  }

  private PostgresWait.Output run(PostgresWait.Input in) throws Exception {
    var intent = journaled(action.intend(in, Optional.empty(), world.look("w")));
    return action.run(in, intent, world.act("w"));
  }

  @Test
  void a_plan_shows_the_question_and_todays_answer() {
    // when
    var preview = action.preview(waiting("sql: select yes from ready"), world.planning("w"));
    // then
    assertThat(preview.effect()).isEqualTo(Effect.READ_ONLY);
    assertThat(preview.commands())
        .containsExactly("select yes from ready  -- in " + database + ", until it yields true");
    assertThat(preview.facts()).extracting(fact -> fact.value()).containsExactly("NULL");
  }

  @Test
  void a_statement_that_the_server_cannot_parse_is_a_problem_and_fails_at_once() {
    var in = waiting("sql: selekt true");
    assertThat(action.preview(in, world.planning("w")).problems()).hasSize(1);
    assertThatThrownBy(() -> run(in))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("syntax error");
  }

  @Test
  void a_server_that_answers_is_not_waited_for() throws Exception {
    assertThat(run(waiting("")).tries()).isEqualTo(1);
  }

  @Test
  void what_becomes_true_meanwhile_ends_the_waiting() throws Exception {
    // given
    var later =
        Thread.ofVirtual()
            .start(() -> {
              try {
                Thread.sleep(400);
                server.execute(database, "insert into ready values (true)");
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    // when
    var output = run(waiting("sql: select yes from ready\nfor: 20s"));
    later.join();
    // then
    assertThat(output.tries()).isGreaterThan(1);
    assertThat(world.log()).contains("not yet: NULL");
    assertThat(journaled(output)).isEqualTo(output);
  }

  @Test
  void a_database_that_lets_nobody_in_yet_is_waited_for() throws Exception {
    // given
    var absent = database + "_later";
    var in = waiting("for: 20s\ndatabase: " + absent);
    var later =
        Thread.ofVirtual()
            .start(() -> {
              try {
                Thread.sleep(300);
                server.execute("postgres", "create database " + absent);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    // when
    var preview = action.preview(in, world.planning("w"));
    var output = run(in);
    later.join();
    // then
    assertThat(preview.problems()).isEmpty();
    assertThat(output.tries()).isGreaterThan(1);
  }

  @Test
  void when_the_time_is_over_the_last_answer_is_named() {
    assertThatThrownBy(() -> run(waiting("sql: select 7\nfor: 300ms")))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("for: select 7; last answer: 7");
  }

  @Test
  void a_statement_that_hangs_does_not_make_it_wait_longer() {
    assertThatThrownBy(() -> run(waiting("sql: select pg_sleep(50) is null\nfor: 500ms")))
        .isInstanceOf(StepFailed.class);
  }

  @Test
  void an_interrupt_ends_the_waiting() throws Exception {
    // given
    var in = waiting("sql: select false\nfor: 50s");
    var interrupted = new boolean[1];
    var waiter =
        Thread.ofPlatform()
            .start(() -> {
              try {
                run(in);
              } catch (InterruptedException _) {
                interrupted[0] = true;
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    // when
    Thread.sleep(500);
    waiter.interrupt();
    waiter.join();
    // then
    assertThat(interrupted[0]).isTrue();
  }

  @Test
  void after_a_crash_it_waits_again() {
    var observed = action.inspect(waiting(""), new PostgresWait.Intent(), world.look("w"));
    assertThat(observed).isEqualTo(new Observed.NotDone<>());
  }
}
