package pgrunbook.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.testing.ChildMain;
import pgrunbook.testing.Docker;
import pgrunbook.testing.Folders;
import pgrunbook.testing.TestProject;
import pgrunbook.testing.TestStack;
import pgrunbook.testing.WithDocker;

/** The stack with a database user that is no superuser, and pgrunbook itself as another user. */
@WithDocker
class ComposeRolesTest {
  private static final String CONTROL = "/usr/share/postgresql/*/extension/vector.control";

  /** What an administrator does who gives an application a role of its own. */
  private static final String OWNER =
      """
      CREATE ROLE shop_owner LOGIN CREATEDB PASSWORD '%s';
      ALTER DATABASE shop OWNER TO shop_owner;
      ALTER TABLE users OWNER TO shop_owner;
      ALTER TABLE documents OWNER TO shop_owner;
      ALTER TABLE writes OWNER TO shop_owner;
      """
          .formatted(TestProject.PASSWORD);

  private static TestStack stack;

  @BeforeAll
  static void up() {
    stack = TestStack.prod().up();
  }

  @BeforeEach
  void an_ordinary_role() {
    stack.psql(OWNER);
    stack.edited(".env", "POSTGRES_USER=shop", "POSTGRES_USER=shop_owner");
    stack.compose("up", "-d", "--no-deps", "backend").ok();
    stack.awaitWrite();
  }

  @AfterEach
  void reset() {
    stack.reset();
  }

  @AfterAll
  static void down() {
    stack.close();
  }

  /** Its own backup, of a quiet database; then something goes wrong. */
  private static Shop spoiltAfterBackup(String format) {
    var shop = Shop.note(stack);
    stack.compose("stop", "backend").ok();
    stack.run("run", "backup-prod", "--set", "format=" + format).exits(0);
    stack.compose("start", "backend").ok();
    return shop.spoilt();
  }

  private static String owners() {
    return stack.psql(
        """
        SELECT 'database', datdba::regrole FROM pg_database WHERE datname = 'shop'
        UNION ALL SELECT relname, relowner::regrole FROM pg_class WHERE relkind = 'r' AND oid >= 16384
           AND relnamespace = 'public'::regnamespace
        ORDER BY 1
        """);
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "gzip", "custom", "directory"})
  void the_owner_of_a_database_may_back_it_up_restore_it_and_roll_back(String format) {
    // given
    stack.psql("DROP EXTENSION IF EXISTS vector CASCADE; ALTER TABLE documents ADD embedding int");
    var owners = owners();
    var shop = spoiltAfterBackup(format);
    var spoilt = shop.now();
    // when
    var ended = shop.restore().end().exits(0);
    // then
    assertThat(ended.out())
        .contains(", as shop_owner,", "fingerprint of the backup")
        .doesNotContain("only a superuser");
    shop.assertSilentDuringTheRestore();
    shop.assertRestored();
    assertThat(owners()).isEqualTo(owners).contains("database|shop_owner", "users|shop_owner");
    assertThat(stack.psql("SELECT has_table_privilege('reader', 'users', 'SELECT')"))
        .isEqualTo("t");
    // and when
    stack.run("rollback", shop.runs().latest(), "--confirm", "shop").exits(0);
    // then
    assertThat(shop.now()).isEqualTo(spoilt);
    assertThat(stack.isUp("backend")).isTrue();
  }

  @Test
  @Tag("fault")
  void what_a_role_may_not_do_is_said_with_what_to_run_before_anything_is_touched() {
    // given
    stack.psql("DROP EXTENSION IF EXISTS vector CASCADE");
    Shop.note(stack).dumpedByHand("hand.sql");
    stack.psql(
        """
        ALTER ROLE shop_owner NOCREATEDB;
        CREATE ROLE somebody;
        ALTER DATABASE shop OWNER TO somebody;
        ALTER ROLE reader IN DATABASE shop SET work_mem = '5MB';
        """);
    // and a superuser who is connected
    var postgres = stack.container("postgres");
    var exporter = "application_name=exporter dbname=shop user=shop";
    Docker.docker(
            "exec", "-de", "PGPASSWORD", postgres, "psql", exporter, "-c", "SELECT pg_sleep(60)")
        .ok();
    stack.await("the session", () -> !exporter("pid").isEmpty());
    var accepted = stack.accepted().size();
    // when
    var refused =
        stack.run("run", "restore-prod", "--confirm", "shop", "--set", "backup=hand.sql").exits(3);
    // then
    assertThat(refused.said())
        .contains("role shop_owner may not create or rename databases")
        .contains("as a superuser: ALTER ROLE \"shop_owner\" CREATEDB")
        .contains("role shop_owner is neither the owner of shop (somebody) nor a member of it")
        .contains("as a superuser: GRANT \"somebody\" TO \"shop_owner\"")
        .contains("role shop_owner may not end the session of pid " + exporter("pid"), "exporter")
        .contains("it is a superuser's: end it yourself as one")
        .contains("the setting work_mem that role reader has in shop")
        .contains("ALTER ROLE \"reader\" IN DATABASE \"shop\" RESET work_mem");
    assertThat(stack.isUp("backend")).isTrue();
    assertThat(stack.folder().resolve("maintenance.flag")).doesNotExist();
    stack.await("writes", () -> stack.accepted().size() > accepted);
    // and when: what the hints say is done
    assertThat(exporter("pg_terminate_backend(pid)")).isEqualTo("t");
    stack.psql(
        """
        ALTER ROLE "shop_owner" CREATEDB;
        GRANT "somebody" TO "shop_owner";
        ALTER ROLE "reader" IN DATABASE "shop" RESET work_mem;
        """);
    // then
    stack.run("plan", "restore-prod", "--set", "backup=hand.sql").exits(0);
  }

  @Test
  @Tag("fault")
  void an_extension_that_only_a_superuser_can_create_is_named_by_the_plan() {
    // given
    assumeThat(stack.psql("SELECT extname FROM pg_extension")).contains("vector");
    var shop = spoiltAfterBackup("custom");
    var spoilt = shop.now();
    var oid = shop.oid("shop");
    // when
    var runs = shop.runs().ids();
    var refused = shop.restore().end().exits(3);
    // then
    assertThat(refused.said())
        .contains("only a superuser can create the extension 'vector', and shop_owner is none")
        .contains("trusted = true");
    assertThat(shop.runs().ids()).isEqualTo(runs);
    assertThat(shop.now()).isEqualTo(spoilt);
    assertThat(shop.oid("shop")).isEqualTo(oid);
    assertThat(stack.isUp("backend")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "custom"})
  void a_trusted_extension_is_restored_by_an_ordinary_role(String format) {
    // given
    assumeThat(stack.psql("SELECT extname FROM pg_extension")).contains("vector");
    inContainer("sed -i '$ a trusted = true' " + CONTROL);
    try {
      var shop = spoiltAfterBackup(format);
      // when
      var ended = shop.restore().end().exits(0);
      // then
      assertThat(ended.said()).doesNotContain("only a superuser can create");
      shop.assertRestored();
      assertThat(stack.psql("SELECT count(embedding) FROM documents")).isEqualTo("200");
    } finally {
      inContainer("sed -i '/^trusted/d' " + CONTROL);
    }
  }

  private static String exporter(String what) {
    return stack.psql(
        "SELECT " + what + " FROM pg_stat_activity WHERE application_name = 'exporter'");
  }

  private static void inContainer(String line) {
    Docker.docker("exec", stack.container("postgres"), "sh", "-c", line).ok();
  }

  @ParameterizedTest
  @ValueSource(strings = {"custom", "directory", "plain"})
  void what_is_written_belongs_to_whoever_runs_pgrunbook(String format, @TempDir Path copies)
      throws Exception {
    // given
    assumeThat(System.getProperty("user.name")).isEqualTo("root");
    var socket = Path.of("/var/run/docker.sock");
    assumeThat(socket).exists();
    stack.psql("DROP EXTENSION IF EXISTS vector CASCADE; ALTER TABLE documents ADD embedding int");
    var shop = Shop.note(stack);
    stack.compose("stop", "backend").ok();
    var other = new Other(copies, Files.getAttribute(socket, "unix:gid").toString());
    other.owns(stack.folder());
    // when
    other.runs("run", "backup-prod", "--set", "format=" + format);
    stack.compose("start", "backend").ok();
    shop.spoilt();
    other.runs("run", "restore-prod", "--confirm", "shop");
    // then
    shop.assertRestored();
    try (var backups = Files.list(stack.backups())) {
      for (var backup : backups.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)))
            .as("%s", backup)
            .isEqualTo(Files.isDirectory(backup) ? "rwx------" : "rw-------");
      }
    }
    assertOwned(stack.backups());
    assertOwned(stack.folder().resolve(".pgrunbook"));
  }

  private static void assertOwned(Path folder) throws IOException {
    for (var file : Folders.files(folder)) {
      assertThat(Files.getAttribute(file, "unix:uid")).as("%s", file).isEqualTo(Other.USER);
    }
  }

  /** A user that neither this machine nor the container knows, who may use Docker. */
  private record Other(Path home, String dockerGroup) {
    static final int USER = 23456;

    /** The program where that user can read it: our own class path may be private. */
    private String classPath() throws IOException {
      var copied = new ArrayList<String>();
      for (var entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
        var copy = home.resolve(copied.size() + "-" + Path.of(entry).getFileName());
        if (Files.exists(Path.of(entry)) && !Files.exists(copy)) {
          Folders.copy(Path.of(entry), copy);
        }
        copied.add(copy.toString());
      }
      return String.join(File.pathSeparator, copied);
    }

    void owns(Path folder) throws IOException {
      try (var files = Files.walk(folder)) {
        for (var file : files.toList()) {
          Files.setAttribute(file, "unix:uid", USER);
          Files.setAttribute(file, "unix:gid", USER);
        }
      }
    }

    void runs(String... arguments) throws Exception {
      var words =
          new ArrayList<>(
              List.of(
                  "setpriv",
                  "--reuid=" + USER,
                  "--regid=" + USER,
                  "--groups=" + dockerGroup,
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx128m",
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  classPath(),
                  ChildMain.class.getName()));
      words.addAll(List.of(arguments));
      var said = Files.createTempFile(home, "said", "");
      owns(home);
      var builder =
          new ProcessBuilder(words)
              .directory(stack.folder().toFile())
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectErrorStream(true)
              .redirectOutput(said.toFile());
      builder.environment().keySet().removeIf(name -> name.matches("(PG|POSTGRES_|COMPOSE_).*"));
      builder.environment().put("HOME", home.toString());
      var process = builder.start();
      assertThat(process.waitFor(90, TimeUnit.SECONDS)).as("it ended").isTrue();
      assertThat(process.exitValue()).as(Files.readString(said)).isZero();
    }
  }
}
