package pgrunbook.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.testing.Cli;
import pgrunbook.testing.Runs;
import pgrunbook.testing.TestProject;
import pgrunbook.testing.TestStack;
import pgrunbook.testing.WithDocker;

/** The doctor, unlock and restart-db on Compose projects, each trouble made for real. */
@WithDocker
class ComposeDoctorTest {
  private static final Pattern UNLOCK = Pattern.compile("mend: jbang runbook (run unlock .*)");
  private static final Pattern PASSWORD =
      Pattern.compile("mend: (docker.compose .*); type what .env has, or correct it there instead");
  private static final String WITHOUT_ROOTS_RIGHTS =
      """
      #!/bin/sh
      PATH=${PATH#*:}
      [ "$(id -u)" = 0 ] || exec docker "$@"
      exec setpriv --bounding-set -dac_override,-dac_read_search docker "$@"
      """;

  private static TestStack stack;
  @TempDir Path sockets;

  @BeforeAll
  static void up() {
    stack = TestStack.dev().up();
  }

  @AfterAll
  static void down() {
    stack.close();
  }

  private static Cli.Ended doctor(int exit) {
    return doctor(stack.cli(), "dev", exit);
  }

  private static Cli.Ended doctor(Cli cli, String environment, int exit) {
    var ended = cli.run("doctor", "--env", environment).exits(exit);
    assertThat(ended.said()).doesNotContain(TestProject.PASSWORD);
    return ended;
  }

  @Test
  void all_is_well_then_each_trouble_of_services_is_named_and_its_mend_mends() {
    // given
    stack.run("run", "backup-dev").exits(0);
    assertThat(doctor(0).out())
        .contains("service postgres runs, healthy", "service backend runs, healthy")
        .contains("the server's disk has", "pg_dump 17, the server is 17", "all is well");
    // stopped
    stack.compose("stop", "--timeout", "0", "backend").ok();
    assertThat(doctor(1).out())
        .contains("service backend does not run (exited, exit code ", "start backend");
    // paused
    stack.compose("pause", "postgres").ok();
    assertThat(doctor(1).out())
        .contains("service postgres is paused", "unpause postgres")
        .contains("could not check: the databases");
    stack.compose("unpause", "postgres").ok();
    // gone, and its port taken by another
    stack.compose("rm", "--stop", "--force", "postgres").ok();
    assertThat(doctor(1).out()).contains("service postgres has no container", "up -d postgres");
    try (var _ = new ServerSocket(stack.devPort(), 1, java.net.InetAddress.getLoopbackAddress())) {
      stack.compose("up", "-d", "postgres");
      assertThat(doctor(1).out())
          .contains("service postgres could not be started")
          .contains("port " + stack.devPort() + " is in use by another");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    stack.up();
  }

  @Test
  void an_engine_that_is_not_there_or_never_answers() throws IOException {
    var missing = stack.cli().with("DOCKER_HOST", "unix://" + sockets.resolve("none.sock"));
    assertThat(doctor(missing, "dev", 1).out())
        .contains("Cannot connect to the Docker daemon", "start the Docker engine")
        .contains("could not check: server: Docker can't be used");
    var silent = sockets.resolve("silent.sock");
    try (var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.bind(UnixDomainSocketAddress.of(silent));
      assertThat(doctor(stack.cli().with("DOCKER_HOST", "unix://" + silent), "dev", 1).out())
          .contains("Docker has not answered within 15 s", "docker info");
    }
  }

  /** As any other user than root and docker's group meets it. */
  @Test
  void an_engine_whose_socket_this_user_may_not_open() throws Exception {
    var closed = sockets.resolve("closed.sock");
    try (var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.bind(UnixDomainSocketAddress.of(closed));
      Files.setPosixFilePermissions(closed, Set.of());
      // root may open it all the same, without this capability it may not
      var docker = Files.writeString(sockets.resolve("docker"), WITHOUT_ROOTS_RIGHTS);
      Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwxr-xr-x"));
      var cli =
          stack
              .cli()
              .with("DOCKER_HOST", "unix://" + closed)
              .with("PATH", sockets + ":" + System.getenv("PATH"));
      assertThat(doctor(cli, "dev", 1).out())
          .contains("permission denied while trying to connect to the Docker daemon socket")
          .contains("mend: this user may not use Docker's socket: sudo usermod -aG docker ");
    }
  }

  @Test
  void a_wrong_password_and_programs_that_are_older_than_the_server() throws Exception {
    // given the published port as a plain server, with this machine's programs
    stack.write(
        "runbooks/environments/host.yaml",
        """
        name: host
        database:
          name: shop
          host: 127.0.0.1
          port: %d
          user: shop
          password: ${env.POSTGRES_PASSWORD}
        """
            .formatted(stack.devPort()));
    // then
    assertThat(doctor(stack.cli(), "host", 1).out())
        .containsPattern("TROUBLE  pg_dump 1\\d is older than the server, 17")
        .contains("apt install postgresql-client-17")
        .contains("own disk: no process that this user sees here answers at 127.0.0.1: ");
    // and given a password that nobody knows, in a container that asks everybody for one
    var wrong = stack.cli().with("POSTGRES_PASSWORD", "something-else");
    var said = doctor(wrong, "dev", 1).out();
    assertThat(said)
        .contains("password authentication failed for user \"shop\"")
        .doesNotContain("something-else");
    // when
    mended(said, "something-else");
    // then
    assertThat(wrong.run("doctor", "--env", "dev").out()).contains("lets shop in");
    mended(doctor(stack.cli(), "dev", 1).out(), TestProject.PASSWORD);
    // and given one that lets everybody in by its socket, and a role that has expired
    stack.psql("CREATE ROLE expired LOGIN PASSWORD 'x' VALID UNTIL '2020-01-01'");
    stack.psql(
        "COPY (SELECT unnest(ARRAY['local all all trust', 'host all all all scram-sha-256'])) TO '/var/lib/postgresql/data/pg_hba.conf'");
    stack.psql("SELECT pg_reload_conf()");
    assertThat(doctor(wrong, "dev", 1).out())
        .contains("exec postgres psql -U shop -d postgres -c '\\password shop'; type what .env");
    assertThat(doctor(stack.cli().with("POSTGRES_USER", "expired"), "dev", 1).out())
        .contains("because its password has expired", "psql -U shop -d postgres -c 'ALTER ROLE");
    assertThat(doctor(stack.cli().with("POSTGRES_USER", "nobody"), "dev", 1).out())
        .contains("because there is no such role", "createuser -U shop --pwprompt nobody");
    stack.psql("DROP ROLE expired");
  }

  /** Runs what the doctor has named, and types a new password twice. */
  private static void mended(String said, String password) throws Exception {
    var command = PASSWORD.matcher(said);
    assertThat(command.find()).as(said).isTrue();
    var script = command.group(1).replace(" exec ", " exec -T ");
    var typed = stack.write("typed", password + "\n" + password + "\n");
    var process =
        new ProcessBuilder("sh", "-c", script)
            .directory(stack.folder().toFile())
            .redirectInput(typed.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor()).isZero();
    Files.delete(typed);
  }

  @Test
  void a_lock_of_an_idle_transaction_is_named_and_unlocked() throws SQLException {
    var url = "jdbc:postgresql://127.0.0.1:" + stack.devPort() + "/shop?ApplicationName=forgotten";
    try (var idle = DriverManager.getConnection(url, "shop", TestProject.PASSWORD);
        var statement = idle.createStatement()) {
      // given
      idle.setAutoCommit(false);
      statement.execute("LOCK TABLE writes");
      stack.await(
          "the backend to wait",
          () -> !stack.psql("SELECT count(*) FROM pg_locks WHERE NOT granted").equals("0"));
      // when
      var said = stack.run("doctor", "--env", "dev").exits(1).out();
      // then
      assertThat(said).contains("application 'forgotten'", "blocks pid ", "LOCK TABLE writes");
      var command = UNLOCK.matcher(said);
      assertThat(command.find()).isTrue();
      stack.run(command.group(1).split(" ")).exits(0);
      stack.awaitWrite();
      assertThat(stack.run("doctor", "--env", "dev").out()).contains("no session blocks another");
    }
  }

  @Test
  void restart_db_names_who_is_cut_off_and_takes_its_lock_again_also_after_a_kill()
      throws SQLException {
    // given
    var before = stack.psql("SELECT pg_postmaster_start_time()");
    var url = "jdbc:postgresql://127.0.0.1:" + stack.devPort() + "/shop?ApplicationName=report";
    try (var _ = DriverManager.getConnection(url, "shop", TestProject.PASSWORD)) {
      assertThat(stack.run("run", "restart-db", "--env", "dev", "--dry-run").exits(0).out())
          .containsPattern("cuts off pid \\d+ \\(user shop, application 'report', ");
    }
    // when
    stack.run("run", "restart-db", "--env", "dev").exits(0);
    // then
    var between = stack.psql("SELECT pg_postmaster_start_time()");
    assertThat(between).isNotEqualTo(before);
    assertThat(new Runs(stack.folder()).journal())
        .anySatisfy(entry -> assertThat(entry.data().has("lost")).isTrue());
    // and when it is killed while the server is stopped
    var child = stack.cli().start("run", "restart-db", "--env", "dev");
    child.until("the stop", () -> !stack.isUp("postgres")).kill();
    stack.compose("stop", "postgres").ok();
    // then
    assertThat(stack.run("doctor", "--env", "dev").exits(1).out())
        .contains("of restart-db is not over", "mend: jbang runbook resume ");
    assertThat(stack.run("resume").exits(0).out())
        .contains("service postgres is stopped, as the run left it: starting it");
    assertThat(stack.psql("SELECT pg_postmaster_start_time()")).isNotEqualTo(between);
    stack.awaitWrite();
  }
}
