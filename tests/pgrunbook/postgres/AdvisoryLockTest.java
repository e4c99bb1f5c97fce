package pgrunbook.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import pgrunbook.testing.PostgresServer;

@Timeout(60)
class AdvisoryLockTest {
  private final PostgresServer server = PostgresServer.shared();
  private final TargetLock lock =
      new AdvisoryLock(
          new Connections(
              new Connector(
                  "127.0.0.1", server.port(), "postgres", Optional.empty(), Optional.empty())));

  @Test
  void a_second_run_does_not_get_it_and_is_told_who_has_it() {
    try (var held = lock.tryAcquire("app", "r1").orElseThrow()) {
      assertThat(lock.tryAcquire("app", "r2")).isEmpty();
      assertThat(lock.holder("app").orElseThrow().application()).isEqualTo("pgrunbook-lock/r1");
      assertThat(lock.holder("app").orElseThrow().since()).isPresent();
      assertThat(lock.holder("other")).isEmpty();
      assertThat(held.lost()).isEmpty();
      var other = lock.tryAcquire("other", "r2");
      assertThat(other).isPresent();
      other.orElseThrow().close();
    }
    var again = lock.tryAcquire("app", "r2");
    assertThat(again).isPresent();
    again.orElseThrow().close();
  }

  @Test
  void a_lock_that_is_lost_is_noticed() throws Exception {
    try (var held = lock.tryAcquire("lost", "r1").orElseThrow()) {
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
