package pgrunbook.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import pgrunbook.testing.PostgresServer;

@Timeout(60)
class AdvisoryLockTest {
  private final PostgresServer server = PostgresServer.shared();
  private final Connections connections =
      new Connections(
          new Connector(
              "127.0.0.1", server.port(), "postgres", Optional.empty(), Optional.empty()));
  private final TargetLock lock = new AdvisoryLock(connections);

  @Test
  void a_second_run_does_not_get_it_and_is_told_who_has_it() {
    try (var held = lock.tryAcquire("app", "r1", "ann@db1").orElseThrow()) {
      assertThat(lock.tryAcquire("app", "r2", "")).isEmpty();
      assertThat(lock.holder("app").orElseThrow().application()).isEqualTo("pgrunbook-lock/r1");
      assertThat(lock.holder("app").orElseThrow().by()).isEqualTo("ann@db1");
      assertThat(lock.holder("app").orElseThrow().since()).isPresent();
      assertThat(lock.holder("other")).isEmpty();
      assertThat(held.lost()).isEmpty();
      var other = lock.tryAcquire("other", "r2", "");
      assertThat(other).isPresent();
      other.orElseThrow().close();
    }
    var again = lock.tryAcquire("app", "r2", "");
    assertThat(again).isPresent();
    again.orElseThrow().close();
  }

  @Test
  void whoever_has_lost_the_lock_writes_nothing_more() throws Exception {
    // given
    var fenced = new AdvisoryLock(connections);
    try (var cluster = new PlainCluster(connections, () -> "pgrunbook/x", fenced)) {
      cluster.execute("postgres", "SELECT 'a command without a lock'");
      assertThat(fenced.tryAcquire("fenced", "r1", "")).isPresent();
      cluster.execute("postgres", "SELECT 'a run with its lock'");
      // when
      end("fenced");
      var other = lock.tryAcquire("fenced", "r2", "").orElseThrow();
      // then
      assertThatThrownBy(() -> cluster.execute("postgres", "DROP DATABASE nobody_s"))
          .isInstanceOf(PostgresException.class)
          .hasMessageContaining("the lock on the target was lost: nothing more is written")
          .hasMessageContaining("hint:");
      assertThat(fenced.takeBack("fenced", "r1", "")).as("it is somebody else's").isEmpty();
      // and when
      other.close();
      try (var _ = fenced.takeBack("fenced", "r1", "").orElseThrow()) {
        cluster.execute("postgres", "SELECT 'a run with its lock again'");
      }
      cluster.execute("postgres", "SELECT 'what is done after the run'");
    }
  }

  @Test
  void a_run_takes_its_own_lock_back_from_a_connection_that_nobody_has() {
    // given
    var forgotten = new AdvisoryLock(connections).tryAcquire("own", "r1", "").orElseThrow();
    assertThat(lock.tryAcquire("own", "r1", "")).isEmpty();
    assertThat(lock.takeBack("own", "r2", "")).isEmpty();
    // when
    try (var held = lock.takeBack("own", "r1", "").orElseThrow()) {
      // then
      assertThat(held.lost()).isEmpty();
      assertThat(forgotten.lost()).isPresent();
    }
  }

  private void end(String target) throws SQLException {
    var pid = lock.holder(target).orElseThrow().pid();
    server.execute("postgres", "SELECT pg_terminate_backend(" + pid + ", 5000)");
  }

  @Test
  void a_lock_that_is_lost_is_noticed() throws Exception {
    try (var held = lock.tryAcquire("lost", "r1", "ann@db1").orElseThrow()) {
      // when
      server.execute(
          "postgres",
          "SELECT pg_terminate_backend(" + lock.holder("lost").orElseThrow().pid() + ")");
      // then
      for (var i = 0; i < 100 && held.lost().isEmpty(); i++) {
        Thread.sleep(100);
      }
      assertThat(held.lost().orElseThrow()).contains("terminating connection");
    }
  }
}
