package pgrunbook.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.testing.Databases;
import pgrunbook.testing.Docker;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.SampleBackups;
import pgrunbook.testing.TestProject;
import pgrunbook.testing.TestStack;
import pgrunbook.testing.WithDocker;

/** Backups and restores of the production project, as an operator does them. */
@WithDocker
class ComposeRestoreTest {
  private static TestStack stack;

  @BeforeAll
  static void up() {
    stack = TestStack.prod().up();
  }

  @AfterEach
  void reset() {
    stack.reset();
  }

  @AfterAll
  static void down() {
    stack.close();
  }

  @Test
  void a_dry_run_shows_the_plan_and_changes_nothing() {
    // given
    var shop = Shop.note(stack).dumpedByHand("hand.sql").spoilt();
    var before = shop.now();
    var files = Folder.names(stack.backups());
    // when
    var plan = stack.run("run", "restore-prod", "--dry-run").exits(0);
    // then
    assertThat(plan.out())
        .contains("PostgreSQL 17", "in service postgres of Compose project " + stack.project())
        .contains("service backend: running, healthy, restart: unless-stopped")
        .contains("docker compose -f docker-compose.prod.yml stop backend")
        .contains("exec -T --user", "-e PGPASSWORD postgres psql", "-f /backups/hand.sql");
    assertThat(shop.now()).isEqualTo(before);
    assertThat(Folder.names(stack.backups())).isEqualTo(files);
    assertThat(stack.isUp("backend")).isTrue();
    assertThat(shop.databases()).containsExactly("shop");
    stack.awaitWrite();
  }

  @Test
  void a_plain_dump_made_by_hand_is_restored_and_nothing_is_written_meanwhile() {
    // given
    var shop = Shop.note(stack).dumpedByHand("hand.sql").spoilt();
    // when
    var ended = shop.restore().end().exits(0);
    // then
    shop.assertSilentDuringTheRestore();
    shop.assertRestored();
    assertThat(ended.out()).contains("verify: content equal to the backup's");
    assertThat(shop.databases()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "gzip", "custom", "directory"})
  void a_backup_of_our_own_is_restored(String format) {
    // given
    var shop = Shop.note(stack);
    stack.run("run", "backup-prod", "--set", "format=" + format).exits(0);
    shop.spoilt();
    // when
    var ended = shop.restore().end().exits(0);
    // then
    shop.assertSilentDuringTheRestore();
    shop.assertRestored();
    assertThat(ended.out()).contains("fingerprint of the backup");
  }

  @Test
  void what_a_run_writes_belongs_to_its_user() throws Exception {
    // when
    stack.run("run", "backup-prod", "--set", "format=directory").exits(0);
    // then
    var owner = Files.getOwner(stack.folder());
    try (var files = Files.walk(stack.backups())) {
      for (var file : files.toList()) {
        assertThat(Files.getOwner(file)).as(file.toString()).isEqualTo(owner);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"custom", "plain", "gzip"})
  void without_a_mounted_folder_backups_go_through_the_standard_streams(String format) {
    // given
    var shop = Shop.note(stack);
    stack.edited("runbooks/environments/prod.yaml", "  dir: backups", "  dir: elsewhere");
    stack.run("run", "backup-prod", "--set", "format=" + format).exits(0);
    shop.spoilt();
    // when
    var plan = stack.run("run", "restore-prod", "--dry-run").exits(0);
    shop.restore().end().exits(0);
    // then
    assertThat(plan.out()).doesNotContain("--jobs", "--file=", "/elsewhere");
    shop.assertRestored();
    assertThat(Folder.names(stack.folder().resolve("elsewhere")))
        .anyMatch(name -> name.contains("pre-restore"));
  }

  @Test
  void a_directory_needs_the_mounted_folder_and_the_plan_says_so() {
    // given
    stack.edited("runbooks/environments/prod.yaml", "  dir: backups", "  dir: elsewhere");
    // when
    var refused = stack.run("run", "backup-prod", "--set", "format=directory").exits(3);
    // then
    assertThat(refused.said())
        .contains("pg_dump runs in a container, which does not see the folder of")
        .contains("choose format: custom");
  }

  @Test
  void the_old_database_can_be_dropped_at_once_and_rolled_back_from_the_safety_backup() {
    // given
    var shop = Shop.note(stack).dumpedByHand("hand.sql").spoilt();
    var spoilt = shop.now();
    shop.restore("--set", "keep_old=false").end().exits(0);
    assertThat(shop.databases()).containsExactly("shop");
    shop.assertRestored();
    // when
    stack.run("rollback", shop.runs().latest(), "--confirm", "shop").exits(0);
    // then
    assertThat(shop.now()).isEqualTo(spoilt);
    assertThat(stack.isUp("backend")).isTrue();
    stack.awaitWrite();
  }

  @Test
  void development_is_restored_from_a_dump_of_production() {
    try (var dev = TestStack.dev().up()) {
      // given
      var shop = Shop.note(dev).dumpedByHand("hand.sql").spoilt();
      // when
      var plan = dev.run("run", "restore-dev", "--set", "backup=hand.sql", "--dry-run").exits(0);
      dev.run("run", "restore-dev", "--set", "backup=hand.sql").exits(0);
      // then
      assertThat(plan.out()).contains("-p " + dev.project());
      shop.assertRestored();
      assertThat(shop.databases()).containsExactly("shop");
      // and
      dev.run("run", "backup-dev").exits(0);
      shop.spoilt();
      dev.run("run", "restore-dev").exits(0);
      shop.assertRestored();
    }
  }

  @Test
  @Tag("fault")
  void programs_and_servers_of_other_majors_are_refused_before_anything_is_changed(
      @TempDir Path folder) throws Exception {
    assumeThat(older()).as("major of this machine's PostgreSQL").isLessThan(17);
    // given this machine's programs and the server in the container
    Shop.note(stack);
    var format = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
    var address = Docker.docker("inspect", "--format", format, stack.container("postgres")).ok();
    stack.write(
        "runbooks/environments/host.yaml",
        """
        name: host
        protected: true
        database: {name: shop, host: %s, user: shop, password: "${env.POSTGRES_PASSWORD}"}
        """
            .formatted(address.strip()));
    stack.edited("runbooks/backup-prod.yaml", "environment: prod", "environment: host");
    // when, then
    assertThat(stack.run("run", "backup-prod").exits(3).said())
        .contains("pg_dump " + older() + " is older than the server, 17")
        .contains("install the client programs of PostgreSQL 17");
    assertThat(Folder.names(stack.backups())).isEmpty();
    // and given what newer programs have written of a newer server, and of this machine's
    var project = TestProject.in(folder);
    try {
      var before = Databases.all();
      for (var newer : List.of(dumped("-Fp", "newer.sql"), dumped("-Fc", "newer.dump"))) {
        Files.copy(newer, project.backups().resolve(newer.getFileName()));
      }
      dumpedByContainer(project, "same.sql");
      assertThat(naive(project, "same.sql"))
          .contains("unrecognized configuration parameter \"transaction_timeout\"");
      // when, then
      refused(project, "newer.sql", "comes from PostgreSQL 17, and the server is older");
      refused(project, "newer.dump", "unsupported version (1.16) in file header");
      refused(project, "same.sql", "pg_dump 17 wrote the backup, and the server is older");
      assertThat(Databases.all()).isEqualTo(before);
      assertThat(project.services().calls()).isEmpty();
    } finally {
      project.dropDatabases();
    }
  }

  private static int older() {
    return Integer.parseInt(Databases.column("postgres", "SHOW server_version_num").getFirst())
        / 10_000;
  }

  private static Path dumped(String format, String name) {
    var to = "/backups/" + name;
    var dump = List.of("postgres", "pg_dump", "-U", "shop", format, "-f", to, "shop");
    var words = Stream.concat(Stream.of("exec", "-T", "-e", "PGPASSWORD"), dump.stream());
    stack.compose(words.toArray(String[]::new)).ok();
    return stack.backups().resolve(name);
  }

  /** The server of this machine, by the programs of the image. */
  private static void dumpedByContainer(TestProject project, String name) throws IOException {
    var port = Integer.toString(PostgresServer.shared().port());
    var dump =
        Docker.docker(
            "run",
            "--rm",
            "--network",
            "host",
            Docker.IMAGE,
            "pg_dump",
            "-h",
            "127.0.0.1",
            "-p",
            port,
            "-U",
            "postgres",
            SampleBackups.shared().database());
    Files.writeString(project.backups().resolve(name), dump.ok());
  }

  private static String naive(TestProject project, String name) throws Exception {
    var into = PostgresServer.shared().createDatabase("naive");
    var file = project.backups().resolve(name).toString();
    var ran =
        PostgresServer.shared()
            .run("psql", "-X", "-1", "-v", "ON_ERROR_STOP=1", "-d", into, "-f", file);
    Databases.execute("postgres", "DROP DATABASE " + into);
    assertThat(ran.exit()).isEqualTo(3);
    return ran.err();
  }

  private static void refused(TestProject project, String name, String what) {
    var said = project.restore("--backup", "backups/" + name).end().exits(3).said();
    assertThat(said).contains(what, "hint: ");
  }

  @Test
  @Tag("fault")
  void an_archive_that_a_terminal_has_written_to_is_refused() throws Exception {
    // given
    var shop = Shop.note(stack);
    var tty = stack.backups().resolve("tty.dump");
    var line =
        "docker compose -f docker-compose.prod.yml exec -e PGPASSWORD postgres pg_dump -U shop -Fc shop";
    var script =
        new ProcessBuilder("script", "-qefc", line, "/dev/null")
            .directory(stack.folder().toFile())
            .redirectErrorStream(true)
            .redirectOutput(tty.toFile());
    script.environment().put("PGPASSWORD", TestProject.PASSWORD);
    assertThat(script.start().waitFor()).isZero();
    assertThat(Files.size(tty)).isGreaterThan(Files.size(dumped("-Fc", "good.dump")));
    // when
    var refused = shop.restore("--backup", "backups/tty.dump").end().exits(3);
    // then
    assertThat(refused.said()).contains("tty.dump", "hint: ");
    assertThat(stack.isUp("backend")).isTrue();
    assertThat(shop.now()).isEqualTo(shop.good());
  }

  @Test
  @Tag("fault")
  void what_pgvector_needs_and_does_not_find_is_said() throws Exception {
    assumeThat(stack.psql("SELECT extname FROM pg_extension")).contains("vector");
    // given a server without it
    stack.psql(
        """
        ALTER TABLE documents SET (parallel_workers = 2);
        ALTER DATABASE shop SET maintenance_work_mem = '256MB';
        ALTER DATABASE shop SET max_parallel_maintenance_workers = 2;
        """);
    var shop = Shop.note(stack).dumpedByHand("hand.sql");
    inContainer("cd /usr/share/postgresql/*/extension && mv vector.control vector.away");
    try {
      // when, then
      assertThat(shop.restore().end().exits(3).said())
          .contains("the server does not have the extension 'vector' of the backup")
          .contains("postgresql-17-pgvector");
      assertThat(stack.isUp("backend")).isTrue();
      assertThat(shop.databases()).containsExactly("shop");
    } finally {
      inContainer("cd /usr/share/postgresql/*/extension && mv vector.away vector.control");
    }
    // and given 64 MB of shared memory, as a container has it unless it is told
    var oid = shop.oid("shop");
    // when
    var failed = shop.restore().end().exits(1);
    // then
    assertThat(failed.said())
        .contains("could not resize shared memory segment", "shm_size: 1g in the Compose file");
    stack.run("rollback", shop.runs().latest(), "--confirm", "shop").exits(0);
    assertThat(shop.oid("shop")).isEqualTo(oid);
    assertThat(shop.now()).isEqualTo(shop.good());
    assertThat(stack.isUp("backend")).isTrue();
  }

  private static void inContainer(String line) {
    Docker.docker("exec", stack.container("postgres"), "sh", "-c", line).ok();
  }

  /** Names of what is in a folder. */
  private static final class Folder {
    private static List<String> names(Path folder) {
      try (var files = Files.list(folder)) {
        return files.map(file -> file.getFileName().toString()).sorted().toList();
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
