package pgrunbook.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.action.Registry;
import pgrunbook.actions.Actions;
import pgrunbook.testing.ChildMain;
import pgrunbook.testing.Databases;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.SampleBackups.Format;
import pgrunbook.testing.TestProject;

/** Each trouble is made for real on a plain server, and named with what mends it. */
class DoctorTest {
  private static final String ENVIRONMENT = "runbooks/environments/prod.yaml";
  private static final Pattern UNLOCK = Pattern.compile("mend: jbang runbook (run unlock .*)");

  @TempDir Path folder;
  private TestProject project;

  @BeforeEach
  void a_project() {
    project = TestProject.in(folder);
  }

  @AfterEach
  void drop() {
    project.dropDatabases();
  }

  private record Said(int exit, String text) {}

  private Said doctor(String... more) {
    var arguments = new ArrayList<>(List.of("doctor", "--env", "prod", "-C", folder.toString()));
    arguments.addAll(List.of(more));
    return say(arguments.toArray(String[]::new));
  }

  private static Said say(String... arguments) {
    var bytes = new ByteArrayOutputStream();
    var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    var signals = Signals.listen();
    signals.ended();
    var context =
        new Context(
            new Registry(Actions.all()), out, out, false, signals, UnaryOperator.identity());
    var exit = new Main(context).execute(arguments);
    var text = bytes.toString(StandardCharsets.UTF_8);
    assertThat(text).doesNotContain(TestProject.PASSWORD);
    return new Said(exit, text);
  }

  @Test
  void where_all_is_well_it_says_so_and_ends_with_0() throws IOException {
    // given
    project.runbook("backup-prod", Files.readString(Path.of("runbooks/backup-prod.yaml")));
    assertThat(doctor().text())
        .contains("TROUBLE  there is no backup in ", "mend: jbang runbook run backup-prod");
    project.run("run", "backup-prod").exits(0);
    // when
    var said = doctor();
    // then
    assertThat(said.exit()).as(said.text()).isZero();
    assertThat(said.text())
        .contains("is PostgreSQL's, without TLS", "lets shop_operator in", "all is well")
        .contains(
            "the server's clock agrees", "has its manifest", "pg_dump ", "every index is valid")
        .doesNotContain("TROUBLE", "could not check");
    // and as JSON
    assertThat(doctor("--json").text())
        .contains("\"troubles\" : 0", "\"could_not_check\" : 0", "\"result\" : \"ok\"");
  }

  @Test
  void a_wrong_password_is_named_and_what_depends_on_it_is_not_checked() {
    // given
    project.edited(".env", "PASSWORD=" + TestProject.PASSWORD, "PASSWORD=wrong-one-0815");
    // when
    var said = doctor();
    // then
    assertThat(said.exit()).isEqualTo(1);
    assertThat(said.text())
        .contains("TROUBLE", "password authentication failed for user \"shop_operator\"")
        .contains("sudo -u postgres psql -p ", "-c '\\password shop_operator'; type what .env has")
        .contains("could not check: the databases")
        .doesNotContain("wrong-one-0815");
  }

  @Test
  void a_role_that_is_missing_is_named() {
    project.edited(".env", "USER=shop_operator", "USER=shop_operater");
    assertThat(doctor().text())
        .contains(
            "role \"shop_operater\" does not exist", "createuser", "--pwprompt shop_operater");
  }

  @Test
  void a_role_that_may_not_come_in_is_told_by_which_statement_it_may() {
    var role = "closed_of_" + project.database();
    project.edited(".env", "USER=shop_operator", "USER=" + role);
    Databases.execute("postgres", "CREATE ROLE " + role);
    try {
      assertThat(doctor().text())
          .contains("is not permitted to log in", "-c 'ALTER ROLE \"" + role + "\" LOGIN'");
      Databases.execute("postgres", "ALTER ROLE " + role + " LOGIN CONNECTION LIMIT 0");
      assertThat(doctor().text())
          .contains("too many connections for role", "\"" + role + "\" CONNECTION LIMIT -1'");
      Databases.execute("postgres", "ALTER ROLE " + role + " RENAME TO " + TestProject.REJECTED);
      project.edited(".env", "USER=" + role, "USER=" + TestProject.REJECTED);
      assertThat(doctor().text())
          .contains("pg_hba.conf rejects connection for host \"127.0.0.1\"")
          .contains(
              "'host all "
                  + TestProject.REJECTED
                  + " 127.0.0.1/32 scram-sha-256', then on the server's");
    } finally {
      Databases.execute(
          "postgres", "DROP ROLE IF EXISTS %s, %s".formatted(role, TestProject.REJECTED));
    }
  }

  @Test
  void connections_that_are_used_up_are_named_with_who_holds_them() throws Exception {
    var role = "many_of_" + project.database();
    Databases.execute("postgres", "CREATE ROLE " + role + " LOGIN");
    var held = new ArrayList<Connection>();
    try {
      // given
      var url = PostgresServer.shared().url("postgres").replaceFirst("user=.*", "user=" + role);
      assertThatThrownBy(
              () -> {
                while (true) {
                  held.add(DriverManager.getConnection(url + "&ApplicationName=report"));
                }
              })
          .isInstanceOf(SQLException.class);
      // then a superuser is told by the server
      assertThat(doctor().text())
          .containsPattern("TROUBLE  \\d+ of 97 connections are taken: \\d+ of " + role)
          .contains(" of " + role + " (report), idle", "SET max_connections = 194")
          .contains("database " + project.database() + " is there");
      // and others where to look
      project.edited(".env", "USER=shop_operator", "USER=" + role);
      assertThat(doctor().text())
          .contains("connection slots are reserved", "see who has them", "sudo -u postgres psql");
    } finally {
      for (var connection : held) {
        connection.close();
      }
      while (!Databases.column(
              "postgres", "SELECT pid FROM pg_stat_activity WHERE usename = '" + role + "'")
          .isEmpty()) {
        Thread.sleep(10);
      }
      Databases.execute("postgres", "DROP ROLE " + role);
    }
  }

  /** The name is known to this program's Java only: the programs have to be told its address. */
  @Test
  void of_a_name_with_two_addresses_all_programs_take_the_same() throws IOException {
    // given
    project.runbook("backup-prod", Files.readString(Path.of("runbooks/backup-prod.yaml")));
    var hosts = project.write("hosts", "127.0.0.1 two.test\n127.0.0.2 two.test\n");
    project.edited(".env", "HOST=127.0.0.1", "HOST=two.test");
    var cli = project.cli().with("JAVA_TOOL_OPTIONS", "-Djdk.net.hosts.file=" + hosts);
    // when
    cli.run("run", "backup-prod").exits(0);
    var said = cli.run("doctor", "--env", "prod").exits(0);
    // then
    assertThat(said.out())
        .contains("of two.test (127.0.0.1) is PostgreSQL's, without TLS; nobody answers at 127.0");
    // and when the first one is silent
    project.write("hosts", "127.0.0.2 two.test\n127.0.0.1 two.test\n");
    assertThat(cli.run("doctor", "--env", "prod").exits(1).out())
        .contains("of two.test (127.0.0.2) refuses connections", "listens at 127.0.0.1, the same")
        .contains("mend: name that one, database.host: '127.0.0.1'");
  }

  @Test
  void a_variable_that_is_not_set_is_named_with_its_place() {
    project.edited(".env", "POSTGRES_USER=", "POSTGRES_USR=");
    var said = doctor();
    assertThat(said.exit()).isEqualTo(1);
    assertThat(said.text())
        .contains("TROUBLE  " + ENVIRONMENT, "POSTGRES_USER")
        .contains("could not check: everything else");
  }

  @Test
  void a_database_that_is_missing_is_compared_with_those_there_are() {
    // given
    project.edited(".env", "DB=shop_", "DB=shoop_");
    // then
    assertThat(doctor().text())
        .contains("there is no database 'shoop_", "did you mean 'shop_")
        .contains("could not check: extensions: nobody gets into database");
    // and given
    project.edited(".env", "DB=shoop_", "DB=something_else_entirely_");
    // then
    assertThat(doctor().text()).contains("mend: createdb -h 127.0.0.1 -p ");
  }

  @Test
  void a_database_that_lets_nobody_in_is_named_and_its_mend_mends() throws Exception {
    var name = project.database();
    Databases.execute("postgres", "ALTER DATABASE " + name + " ALLOW_CONNECTIONS false");
    assertThat(doctor().text())
        .contains("database " + name + " is closed to connections")
        .contains("ALTER DATABASE \"" + name + "\" ALLOW_CONNECTIONS true");
    Databases.execute("postgres", "ALTER DATABASE " + name + " ALLOW_CONNECTIONS true");
    Databases.execute(
        "postgres", "CREATE DATABASE " + name + "_restore_20260102_030405_abcd TEMPLATE template0");
    assertThat(doctor().text())
        .contains("could not check: whether anybody needs database " + name + "_restore_")
        .contains("run 20260102-030405-abcd is not known here")
        .doesNotContain("DROP DATABASE");
  }

  @Test
  void an_ordinary_role_is_told_what_it_may_not_see_and_where_it_may_not_go() {
    // given
    var name = project.database();
    var role = "plain-of-" + name;
    Databases.execute("postgres", "CREATE ROLE \"" + role + "\" LOGIN CONNECTION LIMIT 20");
    project.edited(".env", "USER=shop_operator", "USER=" + role);
    try (var _ = PostgresServer.shared().connect(name)) {
      // when
      var said = doctor();
      // then
      assertThat(said.exit()).isEqualTo(1);
      assertThat(said.text())
          .contains("permission denied for database \"" + name + "\"")
          .contains("'GRANT CONNECT ON DATABASE \"" + name + "\" TO \"" + role + "\"'")
          .contains(
              "could not check: how long the transactions of ",
              "GRANT pg_read_all_stats TO \"" + role + "\"")
          .contains("could not check: free space of the server's own disk: role ")
          .contains("GRANT pg_read_all_settings TO \"" + role + "\"");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    } finally {
      Databases.execute("postgres", "DROP ROLE \"" + role + "\"");
    }
  }

  @Test
  void nobody_at_the_port_or_somebody_who_is_silent_or_another_program() throws IOException {
    try (var socket = new ServerSocket(0)) {
      var port = Integer.toString(socket.getLocalPort());
      project.edited(".env", "PORT=" + PostgresServer.shared().port(), "PORT=" + port);
      // nobody takes the connection out of the socket's queue
      assertThat(doctor().text())
          .contains("nothing answers at port " + port + " of 127.0.0.1 within 6 s");
      // a web server
      Thread.ofVirtual().start(() -> answer(socket));
      assertThat(doctor().text()).contains("another program listens at port " + port);
    }
    assertThat(doctor().text())
        .contains("refuses connections: nothing listens there", "could not check: the databases");
  }

  private static void answer(ServerSocket socket) {
    try {
      while (true) {
        try (var connection = socket.accept()) {
          connection
              .getOutputStream()
              .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
      }
    } catch (IOException _) {
      // closed
    }
  }

  @Test
  void who_blocks_whom_is_named_and_unlock_ends_exactly_that_session() throws Exception {
    try (var idle = PostgresServer.shared().connect(project.database())) {
      // given
      idle.setAutoCommit(false);
      execute(idle, "SET application_name = 'forgotten'");
      execute(idle, "LOCK TABLE users IN ACCESS EXCLUSIVE MODE; SELECT 'a password of hers'");
      var waiting =
          Thread.ofVirtual()
              .start(() -> Databases.execute(project.database(), "SELECT count(*) FROM users"));
      await("SELECT count(*) > 0 FROM pg_locks WHERE NOT granted");
      // when
      var said = doctor();
      // then
      assertThat(said.exit()).isEqualTo(1);
      assertThat(said.text())
          .contains("application 'forgotten', 127.0.0.1, idle in transaction for ", " blocks pid ")
          .contains("SELECT '…'")
          .doesNotContain("of hers");
      // and when
      project.runbook("unlock", Files.readString(Path.of("runbooks/unlock.yaml")));
      var command = UNLOCK.matcher(said.text());
      assertThat(command.find()).isTrue();
      var plan = project.run((command.group(1) + " --dry-run").split(" ")).exits(0).out();
      assertThat(plan).contains("pg_terminate_backend(", "AccessExclusiveLock on users", "blocks");
      project.run(command.group(1).split(" ")).exits(0);
      // then
      waiting.join(10_000);
      assertThat(waiting.isAlive()).isFalse();
      assertThat(doctor().text()).contains("no session blocks another");
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void await(String sql) throws InterruptedException {
    while (!Databases.column("postgres", sql).getFirst().equals("t")) {
      Thread.sleep(20);
    }
  }

  @Test
  void a_folder_that_this_user_may_not_write_is_named_with_the_one_command() throws Exception {
    // given
    project.with(Format.CUSTOM);
    Files.setPosixFilePermissions(project.backups(), PosixFilePermissions.fromString("r-xr-xr-x"));
    Files.setPosixFilePermissions(
        project.backup(Format.CUSTOM), PosixFilePermissions.fromString("---------"));
    // when
    var said = withoutRootsRights("doctor", "--env", "prod");
    // then
    assertThat(said)
        .contains("permission denied: " + project.backups(), "can't be written by")
        .contains("mend: chmod -R u+rwX " + project.backups())
        .contains("permission denied: " + project.backup(Format.CUSTOM), "can't be read by");
    Files.setPosixFilePermissions(project.backups(), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void disks_that_are_full_are_named() throws Exception {
    var journals = Files.createDirectories(folder.resolve(".pgrunbook/runs"));
    try {
      // given
      for (var small : List.of(project.backups(), journals)) {
        assumeThat(mounted("mount", "-t", "tmpfs", "-o", "size=64k", "none", small.toString()))
            .as("only root may mount")
            .isTrue();
      }
      // then
      assertThat(doctor().text())
          .contains("TROUBLE  64.0 kB are free where backups lie, the database holds ")
          .contains("mend: see what takes the space: du -sh " + project.backups() + "/*")
          .contains("TROUBLE  64.0 kB are free where runs are journaled");
    } finally {
      mounted("umount", project.backups().toString());
      mounted("umount", journals.toString());
    }
  }

  private static boolean mounted(String... line) throws Exception {
    return new ProcessBuilder(line).redirectErrorStream(true).start().waitFor() == 0;
  }

  /** Root may write everywhere; without these two capabilities it may not. */
  private String withoutRootsRights(String... arguments) throws Exception {
    var line = new ArrayList<String>();
    if (System.getProperty("user.name").equals("root")) {
      line.addAll(List.of("setpriv", "--bounding-set", "-dac_override,-dac_read_search"));
    }
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), ChildMain.class.getName()));
    line.addAll(List.of(arguments));
    var out = Files.createTempFile("doctor", ".out");
    var process =
        new ProcessBuilder(line)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(out)).isEqualTo(1);
    var text = Files.readString(out);
    Files.delete(out);
    return text;
  }

  @Test
  void what_a_killed_run_owes_is_named_with_the_command_that_goes_on() {
    // given
    project.with(Format.CUSTOM);
    var child = project.untilStarted(project.restore(), "restore", 0).signal("STOP");
    var run = project.runId();
    // when it is at work
    assertThat(doctor().text())
        .containsPattern("ok     run " + run + " of restore-prod is at work since 2.*Z, pid ")
        .contains("pid %d on ".formatted(child.process().pid()), ", step restore; owed: ")
        .contains("service backend is stopped: run " + run + ", which is at work, owes it")
        .contains("maintenance mode is on: run " + run + ", which is at work, owes it")
        .contains("run " + run + " has set it aside as ", ", and is at work")
        .doesNotContain("jbang runbook resume", "rollback");
    // and when it was killed
    child.kill();
    var said = doctor();
    // then
    assertThat(said.text())
        .contains("run " + run + " of restore-prod is not over")
        .contains("mend: jbang runbook resume " + run)
        .contains("service backend is stopped, and run " + run + " owes it")
        .contains("maintenance mode is on, and run " + run + " owes it")
        .contains(
            "there is no database '"
                + project.database()
                + "': run "
                + run
                + " has set it aside as");
    // and when
    project.run("rollback").exits(0);
    project.write("maintenance.flag", "by hand");
    project.services().down("backend");
    // then
    assertThat(doctor().text())
        .contains("maintenance mode is on, and no run owes its end", "mend: rm ")
        .contains("service backend is stopped\n           mend: ./service.sh start backend");
  }

  @Test
  void an_environment_that_is_not_there_is_a_wrong_call() {
    var said = say("doctor", "--env", "prot", "-C", folder.toString());
    assertThat(said.exit()).isEqualTo(2);
    assertThat(said.text()).contains("unknown environment 'prot'", "did you mean 'prod'?");
  }
}
