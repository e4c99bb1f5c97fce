package pgrunbook.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import pgrunbook.testing.PostgresServer;

@Timeout(120)
class SessionsTest {
  private final PostgresServer server = PostgresServer.shared();
  private final PlainCluster cluster = as("postgres");

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void sessions_are_listed_and_ended_by_the_start_of_their_name() throws Exception {
    // given
    var name = server.createDatabase("ended");
    try (var ghost = session(name, "pgrunbook/r1/restore");
        var other = session(name, "pgrunbook/r10/restore")) {
      assertThat(cluster.sessions(name)).hasSize(2);
      assertThat(cluster.database(name).orElseThrow().sessions()).isEqualTo(2);
      var found = cluster.sessionsNamed("pgrunbook/r1/");
      assertThat(found).hasSize(1);
      assertThat(found.getFirst().shown())
          .matches("pid \\d+, user postgres, application 'pgrunbook/r1/restore', 127.0.0.1, idle");
      // when
      var ended = cluster.endSessions("pgrunbook/r1/", Duration.ofSeconds(5));
      // then
      assertThat(ended).containsExactly(found.getFirst().pid());
      assertThat(ghost.isValid(1)).isFalse();
      assertThat(other.isValid(1)).isTrue();
    }
  }

  @Test
  void sessions_of_a_run_without_a_lock_are_ended_where_they_are_in_the_way() throws Exception {
    // given
    var name = server.createDatabase("orphaned");
    var other = server.createDatabase("elsewhere");
    try (var orphan = session(name, "pgrunbook/20260101-000000-aaaa/restore");
        var looking = session("postgres", "pgrunbook/20260101-000000-aaaa/publish");
        var far = session(other, "pgrunbook/20260101-000000-aaaa/restore");
        var rightful = session(name, "pgrunbook/20260101-000000-bbbb/restore");
        var lock = session("postgres", "pgrunbook-lock/20260101-000000-bbbb");
        var plan = session(name, "pgrunbook/plan/restore")) {
      // when
      var ended = cluster.endOrphans(name, Duration.ofSeconds(5));
      // then
      assertThat(ended).hasSize(2);
      assertThat(List.of(orphan, looking)).noneMatch(SessionsTest::isValid);
      assertThat(List.of(far, rightful, lock, plan)).allMatch(SessionsTest::isValid);
    }
  }

  private static boolean isValid(Connection connection) {
    try {
      return connection.isValid(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @Tag("fault")
  void a_session_that_does_not_end_is_waited_for_and_named() throws Exception {
    try (var other = server.connect("postgres");
        var statement = other.createStatement()) {
      statement.execute("SET application_name = 'pgrunbook/stopped/x'");
      var pid = cluster.sessionsNamed("pgrunbook/stopped/").getFirst().pid();
      // given
      signal("STOP", pid);
      try {
        // when, then
        assertThatThrownBy(() -> cluster.endSessions("pgrunbook/stopped/", Duration.ofSeconds(1)))
            .hasMessageContaining("are still there after 1 s: pid " + pid);
      } finally {
        signal("CONT", pid);
      }
      // and when
      cluster.endSessions("pgrunbook/stopped/", Duration.ofSeconds(20));
      // then
      assertThat(cluster.sessionsNamed("pgrunbook/stopped/")).isEmpty();
    }
  }

  private static void signal(String name, int pid) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, "" + pid).start().waitFor()).isZero();
  }

  @Test
  void a_session_that_may_not_be_ended_is_named() throws Exception {
    // given
    var name = server.createDatabase("refused");
    execute("CREATE ROLE \"" + name + "\" LOGIN");
    try (var superuser = session(name, "pgrunbook/" + name + "/x");
        var weak = as(name)) {
      assertThat(superuser.isValid(1)).isTrue();
      // when, then
      assertThatThrownBy(() -> weak.endSessions("pgrunbook/" + name + "/", Duration.ofSeconds(2)))
          .isInstanceOf(PostgresException.class)
          .hasMessageContaining("not allowed to end the session of pid")
          .hasMessageContaining("not visible")
          .hasMessageContaining("hint: ");
    }
  }

  @Test
  void a_closed_database_is_empty_although_its_clients_come_again_and_again() throws Exception {
    // given
    var name = server.createDatabase("closed");
    var stop = new CompletableFuture<Boolean>();
    var client = Thread.ofPlatform().start(() -> hammer(name, stop));
    try {
      // when
      var ended = cluster.closeDatabase(name);
      // then
      assertThat(ended).isNotNull();
      execute("ALTER DATABASE \"" + name + "\" RENAME TO \"" + name + "_old\"");
      assertThat(cluster.database(name + "_old").orElseThrow().allowConnections()).isFalse();
      cluster.openDatabase(name + "_old");
      assertThat(cluster.database(name + "_old").orElseThrow().allowConnections()).isTrue();
    } finally {
      stop.complete(true);
      client.join();
    }
  }

  @Test
  void an_interrupt_cancels_the_statement_on_the_server() throws Exception {
    // given
    var failure = new CompletableFuture<Throwable>();
    var thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                cluster.write("postgres", run("SELECT pg_sleep(4711)"));
              } catch (InterruptedException | RuntimeException e) {
                failure.complete(e);
              }
            });
    awaitSleeping("4711", 1);
    // when
    thread.interrupt();
    // then
    assertThat(failure.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    awaitSleeping("4711", 0);
  }

  @Test
  void everything_in_flight_can_be_cancelled_from_outside() throws Exception {
    // given
    var failure = new CompletableFuture<Throwable>();
    Thread.ofPlatform()
        .start(() -> {
          try {
            cluster.read("postgres", run("SELECT pg_sleep(4712)"));
          } catch (RuntimeException e) {
            failure.complete(e);
          }
        });
    awaitSleeping("4712", 1);
    // when
    cluster.cancelAll();
    // then
    assertThat(failure.get(10, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(PostgresException.class, e -> assertThat(e.cancelled()).isTrue());
  }

  private PlainCluster as(String user) {
    return cluster(server.port(), user);
  }

  private static PlainCluster cluster(int port, String user) {
    var connector = new Connector("127.0.0.1", port, user, Optional.empty(), Optional.empty());
    return new PlainCluster(connector, () -> "pgrunbook/test/x");
  }

  private void execute(String sql) throws InterruptedException {
    cluster.execute("postgres", sql);
  }

  private Connection session(String database, String application) throws SQLException {
    return DriverManager.getConnection(server.url(database) + "&ApplicationName=" + application);
  }

  private static SqlWork<Boolean> run(String sql) {
    return connection -> {
      try (var statement = connection.createStatement()) {
        return statement.execute(sql);
      }
    };
  }

  private void hammer(String database, CompletableFuture<Boolean> stop) {
    while (!stop.isDone()) {
      try (var connection = server.connect(database)) {
        connection.isValid(1);
        Thread.sleep(5);
      } catch (SQLException _) {
        // that is what closing is for
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  private void awaitSleeping(String seconds, int count) throws Exception {
    var sql =
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep("
            + seconds
            + ")%' AND pid <> pg_backend_pid()";
    for (var i = 0; i < 200; i++) {
      try (var connection = server.connect("postgres");
          var statement = connection.createStatement();
          var rows = statement.executeQuery(sql)) {
        rows.next();
        if (rows.getInt(1) == count) {
          return;
        }
      }
      Thread.sleep(50);
    }
    throw new AssertionError("not " + count + " sleeping");
  }
}
