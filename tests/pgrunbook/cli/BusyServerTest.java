package pgrunbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.backup.Verdict;
import pgrunbook.testing.Databases;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.SampleBackups.Format;
import pgrunbook.testing.TestProject;

/** Servers that others use, too: their locks, their connections, their settings. */
@Tag("fault")
class BusyServerTest {
  @TempDir Path folder;
  private TestProject project;

  @BeforeEach
  void makeProject() throws Exception {
    project = TestProject.in(folder);
    project.runbook("backup-prod", Files.readString(Path.of("runbooks/backup-prod.yaml")));
  }

  @AfterEach
  void dropDatabases() {
    project.dropDatabases();
  }

  private Connection session(String database, String... statements) throws SQLException {
    var connection = PostgresServer.shared().connect(database);
    for (var sql : statements) {
      try (var statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }
    return connection;
  }

  private static final String LOCKING =
      """
      name: locking
      description: waits for a lock
      environment: prod
      steps:
        - id: alter
          action: sql
          timeout: 2s
          with:
            text: ALTER TABLE orders ADD COLUMN later int
            no_way_back: it is a test
      """;

  @Test
  void who_has_a_lock_for_too_long_is_named_whatever_waits_for_it() throws SQLException {
    // given
    project.runbook("locking", LOCKING);
    project.edited("runbooks/backup-prod.yaml", "format: ${params.format}", "lock_wait: 1s");
    try (var _ =
        session(
            project.database(),
            "SET application_name = 'nightly report'",
            "BEGIN",
            "LOCK TABLE orders")) {
      // when
      var backup = project.run("run", "backup-prod").exits(1);
      // then
      assertThat(backup.err())
          .contains("lock timeout", "application 'nightly report'", "user postgres", "lock_wait");
      assertThat(project.backups()).isEmptyDirectory();
      project.run("abandon", project.runId(), "--reason", "test").exits(0);
      // and when
      var alter = project.run("run", "locking", "--confirm", project.database()).exits(1);
      // then
      assertThat(alter.err())
          .contains(
              "longer than 2.0 s", "waited for a lock of pid", "'nightly report'", "timeout:");
      assertThat(project.sessions()).isEmpty();
    }
    // and when
    project.run("resume").exits(0);
  }

  @Test
  void a_prepared_transaction_is_named_that_keeps_a_lock_which_belongs_to_no_session()
      throws SQLException {
    // given
    project.with(Format.CUSTOM).runbook("locking", LOCKING);
    var gid = "left over in " + project.database();
    session(project.database(), "BEGIN", "LOCK TABLE orders", "PREPARE TRANSACTION '" + gid + "'")
        .close();
    var before = Databases.of(project.database());
    try {
      // when
      var refused = project.restore().end().exits(3);
      var alter = project.run("run", "locking", "--confirm", project.database()).exits(1);
      // then
      assertThat(refused.said())
          .contains("prepared transaction '" + gid + "'", "ROLLBACK PREPARED");
      assertThat(alter.err()).contains("a lock of a prepared transaction (pg_prepared_xacts");
      assertThat(Databases.of(project.database())).isEqualTo(before);
    } finally {
      Databases.execute(project.database(), "ROLLBACK PREPARED '" + gid + "'");
    }
  }

  @Test
  void clients_that_come_back_in_a_loop_do_not_stop_a_restore_and_get_the_new_database()
      throws Exception {
    // when
    var errors = hammered(() -> project.restore().end().exits(0));
    // then
    assertThat(project.verdict()).isInstanceOf(Verdict.Same.class);
    assertThat(errors).isNotEmpty().isSubsetOf(REFUSALS);
  }

  @Test
  void clients_that_come_back_in_a_loop_find_one_of_two_databases_that_are_exchanged()
      throws Exception {
    // given
    var swap = Path.of("runbooks/restore-prod-swap.yaml");
    project.runbook("restore-prod-swap", Files.readString(swap));
    var name = project.database();
    // when
    var errors =
        hammered(() ->
            project
                .run("run", "restore-prod-swap", "--confirm", name, "--set", "stop_backend=false")
                .exits(0));
    // then there always is one
    assertThat(project.verdict()).isInstanceOf(Verdict.Same.class);
    errors.remove(NO_SUCH_DATABASE + RENAMED);
    assertThat(errors).isNotEmpty().isSubsetOf(REFUSALS).doesNotContain(NO_SUCH_DATABASE);
  }

  /** What clients were told while something was done, and template1 was in use. */
  private Set<String> hammered(Runnable work) throws Exception {
    project.with(Format.CUSTOM);
    var over = new AtomicBoolean();
    var errors = new ConcurrentSkipListSet<String>();
    var clients =
        IntStream.range(0, 4)
            .mapToObj(_ -> Thread.ofPlatform().start(() -> hammer(over, errors)))
            .toList();
    try (var _ = session("template1")) {
      work.run();
    } finally {
      over.set(true);
      for (var client : clients) {
        client.join();
      }
    }
    return errors;
  }

  private static final String NO_SUCH_DATABASE = "3D000";

  /** Said to whoever came while the exchange was going on, and has waited for its end. */
  private static final String RENAMED = " It seems to have just been dropped or renamed.";

  /** Ended by an administrator, no such database, not accepting connections, connection lost. */
  private static final Set<String> REFUSALS =
      Set.of("57P01", "3D000", "55000", "08006", "08003", "3D000" + RENAMED);

  private static boolean isRenaming(SQLException e) {
    return String.valueOf(e.getMessage()).contains(RENAMED.strip());
  }

  private void hammer(AtomicBoolean over, Set<String> errors) {
    var url =
        "jdbc:postgresql://127.0.0.1:%d/%s?user=shop_reader"
            .formatted(PostgresServer.shared().port(), project.database());
    while (!over.get()) {
      try (var connection = DriverManager.getConnection(url);
          var statement = connection.createStatement()) {
        for (var i = 0; i < 20; i++) {
          statement.executeQuery("SELECT count(*) FROM orders").close();
          Thread.sleep(20);
        }
      } catch (SQLException e) {
        errors.add(e.getSQLState() + (isRenaming(e) ? RENAMED : ""));
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void a_server_without_free_connections_stops_a_run_before_or_in_a_step_and_loses_nothing()
      throws SQLException {
    // given
    project.with(Format.CUSTOM);
    var before = project.state();
    var others = new ArrayList<Connection>();
    try {
      taken(others);
      // when
      var refused = project.restore().end().exits(3);
      // then
      assertThat(refused.err()).contains("too many clients", "max_connections", "hint:");
      assertThat(project.runIds()).isEmpty();
      // and when there are two, which a plan and the lock need
      others.removeLast().close();
      others.removeLast().close();
      var stopped = project.restore().end();
      // then
      assertThat(stopped.exit()).isIn(1, 3);
      assertThat(stopped.said()).contains("too many clients", "max_connections");
    } finally {
      for (var other : others) {
        other.close();
      }
    }
    assertThat(project.state().databases()).isEqualTo(before.databases());
    assertThat(project.state().fingerprint()).isEqualTo(before.fingerprint());
    // and when
    if (!project.runIds().isEmpty()) {
      project.run("resume").exits(0);
      assertThat(project.verdict()).isInstanceOf(Verdict.Same.class);
    }
  }

  private void taken(List<Connection> others) throws SQLException {
    while (true) {
      try {
        others.add(session("postgres"));
      } catch (SQLException e) {
        assertThat(e.getSQLState()).isEqualTo("53300");
        return;
      }
    }
  }

  private static final String HOSTILE =
      """
      ALTER DATABASE {db} SET statement_timeout = '10ms';
      ALTER DATABASE {db} SET lock_timeout = '1ms';
      ALTER DATABASE {db} SET idle_in_transaction_session_timeout = '10ms';
      ALTER DATABASE {db} SET default_transaction_read_only = on;
      ALTER DATABASE {db} SET default_transaction_isolation = 'serializable';
      ALTER DATABASE {db} SET search_path = 'public', 'nowhere';
      ALTER DATABASE {db} SET row_security = off;
      ALTER DATABASE {db} SET client_encoding = 'LATIN1';
      ALTER DATABASE {db} SET datestyle = 'SQL, DMY';
      ALTER DATABASE {db} SET timezone = 'Asia/Kolkata';
      ALTER DATABASE {db} SET extra_float_digits = 0;
      ALTER DATABASE {db} SET bytea_output = 'escape';
      ALTER DATABASE {db} SET standard_conforming_strings = off;
      ALTER DATABASE {db} SET session_replication_role = replica;
      ALTER DATABASE {db} SET synchronous_commit = off;
      ALTER ROLE shop_operator IN DATABASE {db} SET statement_timeout = '5ms';
      """;

  @Test
  void settings_of_a_database_that_are_in_the_way_change_nothing_and_are_carried_over()
      throws Exception {
    // given
    project.runbook("migrate-prod", MIGRATE);
    project.runbook("stamp", Files.readString(Path.of("runbooks/stamp.yaml")));
    Files.createDirectories(folder.resolve("migrations"));
    project.write("migrations/V1__later.sql", "CREATE TABLE later (id int, t text DEFAULT 'ö');\n");
    var content = Databases.fingerprint(project.database());
    Databases.execute("postgres", HOSTILE.replace("{db}", project.database()));
    var before = Databases.of(project.database()).get(project.database());
    // when
    project.run("run", "backup-prod").exits(0);
    project.run("run", "stamp", "--env", "prod", "--set", "target=base").exits(0);
    project.run("run", "migrate-prod", "--confirm", project.database()).exits(0);
    project.restore().end().exits(0);
    // then
    var now = Databases.of(project.database()).get(project.database());
    assertThat(now.oid()).isNotEqualTo(before.oid());
    assertThat(now.properties()).isEqualTo(before.properties());
    Databases.execute("postgres", "ALTER DATABASE " + project.database() + " RESET ALL");
    assertThat(Databases.fingerprint(project.database())).isEqualTo(content);
  }

  private static final String MIGRATE =
      """
      name: migrate-prod
      description: applies what is pending
      environment: prod
      steps:
        - id: migrate
          action: flyway.migrate
        - id: validate
          action: flyway.validate
      """;

  @Test
  void a_backup_that_changed_after_the_plan_was_approved_is_refused() throws Exception {
    // given
    project.with(Format.PLAIN);
    project.run("plan", "restore-prod", "--out", "approved.json").exits(0);
    var before = project.state();
    project.edited("backups/shop.sql", "user7@", "user8@");
    // when
    var ended = project.restore("--plan", "approved.json").end().exits(3);
    // then
    assertThat(ended.err()).contains("changed since approved.json was saved", "sha256", "hint:");
    assertThat(project.state()).isEqualTo(before);
    assertThat(project.runIds()).isEmpty();
  }
}
