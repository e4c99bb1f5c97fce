package pgrunbook.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import pgrunbook.testing.Forwarder;
import pgrunbook.testing.PostgresServer;

@Timeout(120)
class PlainClusterTest {
  private final PostgresServer server = PostgresServer.shared();
  private final PlainCluster cluster = as("postgres");

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void a_server_says_what_it_is() {
    var facts = cluster.server();
    assertThat(facts.major()).isGreaterThanOrEqualTo(13);
    assertThat(facts.version()).startsWith(Integer.toString(facts.major()));
    assertThat(facts.systemIdentifier()).matches("\\d{15,20}");
    assertThat(facts.user()).isEqualTo("postgres");
    assertThat(facts.superuser()).isTrue();
    assertThat(facts.inRecovery()).isFalse();
    assertThat(cluster.roles()).contains("postgres");
    assertThat(cluster.availableExtensions()).containsKey("plpgsql");
    assertThat(cluster.databaseNames()).contains("postgres", "template0");
  }

  @Test
  void a_database_is_found_by_name_and_by_oid() throws Exception {
    var name = server.createDatabase("we\u00efrd'=Name");
    var facts = cluster.database(name).orElseThrow();
    assertThat(facts.bytes().orElseThrow()).isPositive();
    assertThat(facts.encoding()).isEqualTo("UTF8");
    assertThat(facts.invalid()).isFalse();
    assertThat(cluster.databaseByOid(facts.oid())).contains(facts);
    assertThat(cluster.database("no such")).isEmpty();
    assertThat(cluster.read(name, Connection::getCatalog)).isEqualTo(name);
  }

  @Test
  void a_peer_that_falls_silent_is_asked_after_a_minute_from_both_sides() {
    assumeThat(Path.of("/proc/net/tcp")).exists();
    // when
    var seconds =
        cluster.read(
            "postgres",
            connection ->
                List.of(
                    setting(connection, "current_setting('tcp_keepalives_idle')::int"),
                    untilAsked(setting(connection, "inet_client_port()"))));
    // then
    assertThat(seconds.getFirst()).isEqualTo(60);
    assertThat(seconds.getLast()).isBetween(30, 60);
  }

  private static int setting(Connection connection, String what) throws SQLException {
    return Rows.of(connection, "SELECT " + what, row -> row.getInt(1)).getFirst();
  }

  /** As the kernel has it: timer 2 keeps a connection alive, in hundredths of a second. */
  private static int untilAsked(int port) {
    var ours = Pattern.compile("(?m)^ *\\d+: \\S+:%04X \\S+ \\S+ \\S+ 02:(\\S+)".formatted(port));
    var timers =
        Stream.of("/proc/net/tcp", "/proc/net/tcp6")
            .map(Path::of)
            .filter(Files::exists)
            .flatMap(table -> ours.matcher(text(table)).results())
            .toList();
    assertThat(timers).hasSize(1);
    return Integer.parseInt(timers.getFirst().group(1), 16) / 100;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void a_twin_has_all_that_belongs_to_the_original_itself() throws Exception {
    // given
    var name = server.createDatabase("original");
    var role = "role of " + name;
    execute("CREATE ROLE %s NOLOGIN".formatted(Identifiers.quote(role)));
    for (var sql :
        List.of(
            "ALTER DATABASE %s SET search_path TO \"$user\", 'a, b', public",
            "ALTER DATABASE %s SET datestyle TO 'ISO, DMY'",
            "ALTER DATABASE %s SET app.text TO 'it''s \\ here'",
            "ALTER ROLE %2$s IN DATABASE %1$s SET work_mem TO '64MB'",
            "ALTER DATABASE %s SET search_path TO ''",
            "REVOKE CONNECT ON DATABASE %s FROM PUBLIC",
            "GRANT CREATE ON DATABASE %s TO %s WITH GRANT OPTION",
            "GRANT CONNECT ON DATABASE %s TO %s",
            "ALTER DATABASE %s CONNECTION LIMIT 17",
            "COMMENT ON DATABASE %s IS 'it''s ours'")) {
      execute(sql.formatted(Identifiers.quote(name), Identifiers.quote(role)));
    }
    var original = cluster.database(name).orElseThrow();
    var properties = cluster.properties(name);
    // when
    var twin = name + "_twin";
    execute(CreateDatabase.like(original, twin));
    for (var statement : properties.statementsFor(twin)) {
      execute(statement);
    }
    // then
    assertThat(cluster.properties(twin)).isEqualTo(properties);
    assertThat(properties.properties()).hasSize(9);
    assertThat(cluster.database(twin).orElseThrow().connectionLimit()).isEqualTo(17);
    assertThat(asPgDumpSeesIt(twin).replace(twin, name)).isEqualTo(asPgDumpSeesIt(name));
    // and when it is to be like one that has nothing of its own
    for (var statement : new DatabaseProperties(List.of()).statementsFor(twin, properties)) {
      execute(statement);
    }
    // then
    assertThat(cluster.properties(twin).properties()).isEmpty();
  }

  @Test
  void the_owner_with_CREATEDB_makes_twins_without_being_superuser() throws Exception {
    // given
    var name = server.createDatabase("owned");
    execute("CREATE ROLE \"" + name + "\" LOGIN CREATEDB");
    execute("ALTER DATABASE \"" + name + "\" OWNER TO \"" + name + "\"");
    try (var owner = as(name)) {
      // when
      owner.execute(
          "postgres", CreateDatabase.like(owner.database(name).orElseThrow(), name + "_2"));
      // then
      assertThat(owner.server().superuser()).isFalse();
      assertThat(owner.server().createDatabase()).isTrue();
      assertThat(owner.subscriptions(name)).contains(List.of());
      assertThat(owner.preparedTransactions(name)).isEmpty();
      assertThat(owner.replicationSlots(name)).isEmpty();
    }
  }

  @Test
  void who_looks_cannot_write() throws Exception {
    var name = server.createDatabase("looked");
    assertThatThrownBy(() -> cluster.read(name, run("CREATE TABLE t (i int)")))
        .isInstanceOf(PostgresException.class)
        .hasMessageContaining("cannot execute CREATE TABLE in a read-only transaction")
        .extracting("sqlState")
        .isEqualTo("25006");
  }

  @Test
  void time_outs_and_read_only_defaults_of_a_database_do_not_count() throws Exception {
    var name = server.createDatabase("limited");
    execute("ALTER DATABASE \"" + name + "\" SET statement_timeout TO '10ms'");
    execute("ALTER DATABASE \"" + name + "\" SET default_transaction_read_only TO on");
    cluster.execute(name, "CREATE TABLE t AS SELECT pg_sleep(0.1)::text");
    cluster.read(name, run("SELECT pg_sleep(0.1)"));
  }

  @Test
  void a_view_that_was_cut_off_looks_again_with_a_new_connection() throws Exception {
    cluster.server();
    server.execute(
        "postgres",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE application_name = 'pgrunbook/test/x' AND pid <> pg_backend_pid()");
    assertThat(cluster.server().user()).isEqualTo("postgres");
  }

  @Test
  @Tag("fault")
  void an_address_that_leads_to_another_cluster_meanwhile_is_refused() throws Exception {
    var other = PostgresServer.another();
    try (var address = Forwarder.to(server.port());
        var moved = cluster(address.port(), "postgres")) {
      // given a connection that lives on
      var before = moved.server().systemIdentifier();
      // when
      address.leadTo(other.port());
      // then
      assertThat(moved.server().systemIdentifier()).isEqualTo(before);
      assertThatThrownBy(() -> moved.execute("postgres", "CREATE DATABASE app"))
          .hasMessageContaining("leads to another cluster now: system identifier ")
          .hasMessageContaining(", it was " + before + "\n  hint: ");
      assertThatThrownBy(() -> moved.read("postgres", Connection::getCatalog))
          .hasMessageContaining("another cluster");
      try (var asked = cluster(other.port(), "postgres")) {
        assertThat(asked.database("app")).isEmpty();
        assertThat(asked.server().systemIdentifier()).isNotEqualTo(before);
      }
      // and when
      address.leadTo(server.port());
      // then
      assertThat(moved.read("postgres", Connection::getCatalog)).isEqualTo("postgres");
    }
  }

  @Test
  void errors_say_what_where_and_what_to_try() throws Exception {
    var free = freePort();
    try (var nowhere = cluster(free, "postgres")) {
      assertThatThrownBy(nowhere::server)
          .hasMessageMatching(
              "(?s)cannot connect to database 'postgres' as postgres@127.0.0.1:\\d+: connection to"
                  + " 127.0.0.1:\\d+ refused.* \\(SQLSTATE 08001\\)\n"
                  + "  hint: does the server run.*");
    }
    assertThatThrownBy(() -> cluster.read("no such", Connection::getCatalog))
        .hasMessageContaining(": database \"no such\" does not exist (SQLSTATE 3D000)\n  hint: ");
    try (var nobody = as("no such role")) {
      assertThatThrownBy(nobody::server).hasMessageContaining("role \"no such role\" does not");
    }
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

  private static SqlWork<Boolean> run(String sql) {
    return connection -> {
      try (var statement = connection.createStatement()) {
        return statement.execute(sql);
      }
    };
  }

  private String asPgDumpSeesIt(String database) throws Exception {
    var dump =
        server.run("pg_dump", "--create", "--schema-only", "--dbname=dbname='" + database + "'");
    return dump.ok()
        .lines()
        .filter(line -> line.contains("DATABASE"))
        .sorted()
        .reduce("", (a, b) -> a + b + "\n");
  }

  private static int freePort() throws Exception {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
