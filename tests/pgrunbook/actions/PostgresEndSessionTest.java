package pgrunbook.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static pgrunbook.testing.TestWorld.journaled;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import pgrunbook.action.Effect;
import pgrunbook.action.Look;
import pgrunbook.action.Observed;
import pgrunbook.action.Preview;
import pgrunbook.actions.PostgresEndSession.Output;
import pgrunbook.testing.Databases;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.TestWorld;

@Timeout(60)
class PostgresEndSessionTest {
  private final PostgresEndSession action = new PostgresEndSession();
  private final PostgresServer server = PostgresServer.shared();
  private String database;
  private TestWorld world;
  private Connection victim;
  private int pid;

  @BeforeEach
  void a_session_in_a_transaction(@TempDir Path folder) throws Exception {
    database = server.createDatabase("ended");
    server.execute(database, "CREATE TABLE t (id int)");
    world = TestWorld.in(folder, database);
    victim = connect("SET application_name = 'forgotten'");
    pid = victim.unwrap(PGConnection.class).getBackendPID();
    victim.setAutoCommit(false);
    execute(victim, "INSERT INTO t VALUES (1)");
  }

  @AfterEach
  void close() throws Exception {
    victim.close();
    world.close();
    server.execute("postgres", "DROP DATABASE " + database + " WITH (FORCE)");
  }

  private Connection connect(String sql) throws SQLException {
    var connection = server.connect(database);
    execute(connection, sql);
    return connection;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private PostgresEndSession.Input input(int number) {
    return world.input(action, "pid: " + number);
  }

  private PostgresEndSession.Intent intend(Look look) {
    return journaled(action.intend(input(pid), Optional.empty(), look));
  }

  private boolean isThere() {
    return !Databases.column("postgres", "SELECT 1 FROM pg_stat_activity WHERE pid = " + pid)
        .isEmpty();
  }

  @Test
  void a_plan_shows_the_session_what_it_holds_and_what_is_lost_and_ends_nothing() {
    // when
    var preview = action.preview(input(pid), world.planning("end"));
    // then
    assertThat(preview.problems()).isEmpty();
    assertThat(preview.effect()).isEqualTo(Effect.MUTATING);
    assertThat(preview.commands()).containsExactly("SELECT pg_terminate_backend(" + pid + ")");
    assertThat(preview.facts())
        .anySatisfy(fact -> assertThat(fact.value()).contains("'forgotten'", "idle in transaction"))
        .anySatisfy(fact -> assertThat(fact.value()).isEqualTo("INSERT INTO t VALUES (1)"))
        .anySatisfy(fact -> assertThat(fact.value()).isEqualTo("RowExclusiveLock on t"));
    assertThat(preview.warnings())
        .containsExactly(
            "what its transaction has written is lost, and its client has to connect again");
    assertThat(isThere()).isTrue();
  }

  @Test
  void it_ends_the_session_and_waits_until_it_is_gone() throws Exception {
    // given
    var intent = intend(world.look("end"));
    // when
    var output = action.run(input(pid), intent, world.act("end"));
    // then
    assertThat(isThere()).isFalse();
    assertThat(journaled(output)).isEqualTo(new Output(pid, true));
    assertThat(intent.query()).isEqualTo("INSERT INTO t VALUES (1)");
    assertThat(Databases.column(database, "SELECT count(*) FROM t")).containsExactly("0");
  }

  @Test
  void a_crash_before_and_after_the_end_is_seen_by_whether_it_is_there() throws Exception {
    // given
    var intent = intend(world.look("end"));
    // then
    assertThat(action.inspect(input(pid), intent, world.look("end")))
        .isEqualTo(new Observed.NotDone<>());
    // when it was ended, and nobody wrote it down
    Databases.execute("postgres", "SELECT pg_terminate_backend(" + pid + ", 5000)");
    // then
    assertThat(action.inspect(input(pid), intent, world.look("end")))
        .isEqualTo(new Observed.Done<>(new Output(pid, true)));
    assertThat(action.run(input(pid), intent, world.act("end"))).isEqualTo(new Output(pid, false));
  }

  @Test
  void another_session_of_the_same_pid_is_not_ended() throws Exception {
    // given an intent for the session that had this pid before
    var meant = intend(world.look("end"));
    var before =
        new PostgresEndSession.Intent(
            meant.started().map(it -> it.minusSeconds(60)), "postgres", "", "", "");
    // when
    var output = action.run(input(pid), before, world.act("end"));
    // then
    assertThat(output).isEqualTo(new Output(pid, false));
    assertThat(isThere()).isTrue();
  }

  @Test
  void a_session_that_ended_meanwhile_is_no_failure_of_a_run() throws Exception {
    // given
    Databases.execute("postgres", "SELECT pg_terminate_backend(" + pid + ", 5000)");
    // then
    assertThat(action.preview(input(pid), world.planning("end")).problems())
        .singleElement()
        .satisfies(it -> assertThat(it.what()).isEqualTo("there is no session with pid " + pid));
    assertThat(action.preview(input(pid), world.look("end")).problems()).isEmpty();
    assertThat(action.run(input(pid), intend(world.look("end")), world.act("end")))
        .isEqualTo(new Output(pid, false));
    assertThatThrownBy(() -> input(0)).hasMessageContaining("a number above 0");
  }

  @Test
  void what_is_no_session_of_the_database_is_refused() throws Exception {
    try (var elsewhere = server.connect("postgres");
        var run = connect("SET application_name = 'pgrunbook/20260102-030405-abcd/restore'")) {
      var checkpointer =
          Databases.column(
                  "postgres",
                  "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'")
              .getFirst();
      assertThat(refused(Integer.parseInt(checkpointer))).contains("but a checkpointer");
      assertThat(refused(elsewhere.unwrap(PGConnection.class).getBackendPID()))
          .contains("a session in database postgres, not " + database);
      assertThat(refused(run.unwrap(PGConnection.class).getBackendPID()))
          .contains("belongs to a run of pgrunbook: pgrunbook/20260102-030405-abcd/restore");
      execute(run, "SET application_name = 'pgrunbook/psql/0a1b2c3d'");
      var person = run.unwrap(PGConnection.class).getBackendPID();
      assertThat(action.preview(input(person), world.planning("end")).problems()).isEmpty();
    }
  }

  private String refused(int number) {
    Preview preview = action.preview(input(number), world.planning("end"));
    assertThat(preview.problems()).hasSize(1);
    return preview.problems().getFirst().what();
  }

  @Test
  void a_role_that_may_not_end_it_is_told_what_it_lacks() {
    try (var role = OrdinaryRole.owning(database, world)) {
      var preview = action.preview(input(pid), role.act("end"));
      assertThat(preview.problems())
          .anySatisfy(it -> assertThat(it.what()).contains("may not end the session of pid " + pid))
          .anySatisfy(it -> assertThat(it.hint().orElse("")).contains("GRANT pg_read_all_stats"));
      OrdinaryRole.sql("ALTER DATABASE " + database + " OWNER TO postgres");
      OrdinaryRole.sql("DROP ROLE " + role.name);
    }
  }
}
