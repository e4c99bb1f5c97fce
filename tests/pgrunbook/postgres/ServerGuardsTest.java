package pgrunbook.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import pgrunbook.process.Children;
import pgrunbook.process.Deadline;
import pgrunbook.process.OutputSink;
import pgrunbook.testing.PostgresServer;
import pgrunbook.text.Secret;

/** What a server refuses, or would not refuse although it should. */
@Timeout(60)
class ServerGuardsTest {
  private final PostgresServer server = PostgresServer.shared();
  private final PlainCluster cluster =
      new PlainCluster(connector("postgres", Optional.empty()), () -> "pgrunbook/test/x");

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  @Tag("fault")
  void a_prepared_transaction_keeps_a_database_open_and_is_named() throws Exception {
    assumeTrue(!setting("max_prepared_transactions").equals("0"));
    // given
    var name = server.createDatabase("prepared");
    try (var connection = server.connect(name)) {
      connection.setAutoCommit(false);
      Rows.execute(connection, "CREATE TABLE t (i int)");
      Rows.execute(connection, "PREPARE TRANSACTION 'two " + name + "'");
    }
    try {
      // when, then
      assertThat(cluster.preparedTransactions(name))
          .singleElement()
          .satisfies(prepared -> assertThat(prepared.gid()).isEqualTo("two " + name));
      assertThatThrownBy(() -> cluster.closeDatabase(name))
          .hasMessageContaining("is used by prepared transactions: two " + name)
          .hasMessageContaining("ROLLBACK PREPARED 'two " + name + "'");
      assertThat(cluster.database(name).orElseThrow().allowConnections()).isTrue();
    } finally {
      cluster.execute(name, "ROLLBACK PREPARED 'two " + name + "'");
    }
  }

  @Test
  @Tag("fault")
  void a_logical_slot_is_seen_also_when_nobody_uses_it() throws Exception {
    assumeTrue(setting("wal_level").equals("logical"));
    // given
    var name = server.createDatabase("slots");
    cluster.execute(name, "SELECT pg_create_logical_replication_slot('" + name + "', 'pgoutput')");
    try {
      // when, then
      assertThat(cluster.replicationSlots(name))
          .isEqualTo(List.of(new ReplicationSlot(name, "pgoutput", false)));
    } finally {
      cluster.execute("postgres", "SELECT pg_drop_replication_slot('" + name + "')");
    }
  }

  @Test
  void JDBC_and_the_programs_use_the_same_password_and_never_ask_for_one() throws Exception {
    // given
    var role = server.createDatabase("with_password");
    cluster.execute("postgres", "CREATE ROLE " + role + " LOGIN PASSWORD 'gehe\"im ''x'");
    var rules = Path.of(setting("hba_file"));
    var before = Files.readString(rules);
    Files.writeString(rules, "host all " + role + " 127.0.0.1/32 scram-sha-256\n" + before);
    try {
      cluster.execute("postgres", "SELECT pg_reload_conf()");
      // when
      var right = connector(role, Optional.of(new Secret("gehe\"im 'x")));
      var wrong = connector(role, Optional.of(new Secret("wrong")));
      var none = connector(role, Optional.empty());
      waitUntilRefused(wrong);
      // then
      try (var known = new PlainCluster(right, () -> "x");
          var unknown = new PlainCluster(none, () -> "x")) {
        assertThat(known.server().user()).isEqualTo(role);
        assertThatThrownBy(unknown::server).hasMessageContaining("hint: give a password");
      }
      assertThat(psql(right)).isZero();
      assertThat(psql(wrong)).isEqualTo(2);
      assertThat(psql(none)).isEqualTo(2);
    } finally {
      Files.writeString(rules, before);
      cluster.execute("postgres", "SELECT pg_reload_conf()");
    }
  }

  private void waitUntilRefused(Connector wrong) throws InterruptedException {
    for (var i = 0; i < 100; i++) {
      try (var refused = new PlainCluster(wrong, () -> "x")) {
        refused.server();
      } catch (PostgresException e) {
        assertThat(e)
            .hasMessageContaining("password authentication failed")
            .hasMessageContaining("POSTGRES_PASSWORD in .env")
            .message()
            .doesNotContain("'wrong'");
        return;
      }
      Thread.sleep(50);
    }
    throw new AssertionError("the server does not ask for a password");
  }

  private int psql(Connector as) throws Exception {
    var children = new Children();
    var tools = Tools.find(System.getenv(), Optional.empty(), children);
    var command = tools.command("psql", as, "postgres", "x", List.of("-X", "-c", "select 1"));
    var soon = Deadline.in(Duration.ofSeconds(20));
    return children.run(command, OutputSink.none(), OutputSink.none(), soon).exit();
  }

  private String setting(String name) {
    return cluster.read(
        "postgres",
        c -> Rows.first(c, "SELECT current_setting(?)", row -> row.getString(1), name).orElse(""));
  }

  private Connector connector(String user, Optional<Secret> password) {
    return new Connector("127.0.0.1", server.port(), user, password, Optional.empty());
  }
}
