package pgrunbook.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import pgrunbook.testing.Docker;
import pgrunbook.testing.Folders;
import pgrunbook.testing.PostgresServer.Ran;
import pgrunbook.testing.TestProject;
import pgrunbook.testing.TestStack;
import pgrunbook.testing.TestStack.Accepted;
import pgrunbook.testing.WithDocker;

/** What the tests with a stack rely on. */
@WithDocker
class StackTest {
  private static TestStack stack;

  @BeforeAll
  static void up() {
    stack = TestStack.prod();
    stack.up();
  }

  @AfterAll
  static void down() {
    stack.close();
  }

  @Test
  void the_backend_writes_and_notes_what_was_accepted() {
    // when
    stack.awaitWrite();
    stack.awaitWrite();
    // then
    var accepted = stack.accepted();
    var rows = stack.psql("SELECT id FROM writes").lines().map(Long::valueOf).toList();
    assertThat(rows).containsAll(accepted.stream().map(Accepted::id).toList());
    assertThat(accepted).extracting(Accepted::at).isSorted();
  }

  @Test
  void a_stopped_backend_writes_nothing() throws InterruptedException {
    // when
    stack.compose("stop", "backend").ok();
    // then
    var accepted = stack.accepted();
    Thread.sleep(1000);
    assertThat(stack.isUp("backend")).isFalse();
    assertThat(stack.isUp("postgres")).isTrue();
    assertThat(stack.accepted()).isEqualTo(accepted);
    // and
    stack.compose("start", "backend").ok();
    stack.awaitWrite();
  }

  @Test
  void the_backend_goes_on_when_the_database_is_back() {
    // given
    stack.compose("stop", "postgres").ok();
    var accepted = stack.accepted();
    // when
    stack.compose("start", "postgres").ok();
    // then
    stack.awaitWrite();
    assertThat(stack.accepted()).startsWith(accepted.toArray(Accepted[]::new));
  }

  @Test
  void a_pool_keeps_its_connection_and_makes_it_again() {
    // given
    stack.edited(".env", "POSTGRES_DB", "WRITER=pool\nPOSTGRES_DB").up().awaitWrite();
    var session = backends();
    stack.awaitWrite();
    assertThat(backends()).isEqualTo(session).isNotEmpty();
    // when
    stack.psql("SELECT pg_terminate_backend(" + session + ")");
    // then
    stack.awaitWrite();
    assertThat(backends()).isNotEqualTo(session).isNotEmpty();
    stack.reset();
  }

  private static String backends() {
    return stack.psql("SELECT pid FROM pg_stat_activity WHERE application_name = 'backend'");
  }

  @Test
  void nobody_gets_in_without_the_password() {
    assertThat(select("/var/run/postgresql", "PGPASSWORD=").err()).contains("no password supplied");
    assertThat(select("127.0.0.1", "PGPASSWORD=").err()).contains("no password supplied");
    assertThat(select("127.0.0.1", "PGPASSWORD=no").err()).contains("authentication failed");
    var right = "PGPASSWORD=" + TestProject.PASSWORD;
    assertThat(select("/var/run/postgresql", right).ok()).isEqualTo("1\n");
  }

  private static Ran select(String host, String password) {
    return stack.compose(
        "exec",
        "-T",
        "-e",
        password,
        "postgres",
        "psql",
        "-XAtwU",
        TestStack.DATABASE,
        "-h",
        host,
        "-c",
        "SELECT 1");
  }

  @Test
  void a_reset_gives_back_databases_roles_and_files() {
    // given
    var files = Folders.content(stack.folder().resolve("runbooks")).keySet();
    stack.psql("CREATE DATABASE shop_old; CREATE ROLE visitor; DROP TABLE users CASCADE");
    stack.write("maintenance.flag", "on");
    stack.write("backups/x.sql", "");
    stack.edited("runbooks/restore-prod.yaml", "timeout: 2h", "timeout: 1s");
    stack.compose("pause", "postgres").ok();
    // when
    stack.reset();
    // then
    assertThat(stack.psql("SELECT count(*) FROM users")).isEqualTo("1000");
    assertThat(stack.psql("SELECT count(embedding) FROM documents")).isEqualTo("200");
    assertThat(stack.psql("SELECT datname FROM pg_database WHERE datname LIKE 'shop%'"))
        .isEqualTo("shop");
    assertThat(stack.psql("SELECT rolname FROM pg_roles WHERE oid >= 16384")).isEqualTo("reader");
    assertThat(stack.folder().resolve("maintenance.flag")).doesNotExist();
    assertThat(stack.backups()).isEmptyDirectory();
    assertThat(stack.folder().resolve("runbooks/restore-prod.yaml"))
        .hasSameTextualContentAs(Path.of("runbooks/restore-prod.yaml"));
    assertThat(Folders.content(stack.folder().resolve("runbooks")).keySet()).isEqualTo(files);
    stack.awaitWrite();
  }

  @Test
  void development_is_published_on_localhost_and_lives_beside_production() throws SQLException {
    try (var dev = TestStack.dev().up()) {
      // when
      dev.awaitWrite();
      var url = "jdbc:postgresql://localhost:" + dev.devPort() + "/" + TestStack.DATABASE;
      try (var connection =
              DriverManager.getConnection(url, TestStack.DATABASE, TestProject.PASSWORD);
          var rows = connection.createStatement().executeQuery("SELECT count(*) FROM writes")) {
        // then
        rows.next();
        assertThat(rows.getInt(1)).isPositive();
      }
      assertThat(dev.project()).endsWith("-dev");
    }
    assertThat(stack.isUp("backend")).isTrue();
    assertThat(Docker.docker("port", stack.container("postgres")).ok()).isEmpty();
  }
}
