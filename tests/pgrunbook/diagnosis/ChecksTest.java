package pgrunbook.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.action.Neighbours;
import pgrunbook.compose.ComposeProject;
import pgrunbook.diagnosis.Finding.CouldNotCheck;
import pgrunbook.diagnosis.Finding.Fine;
import pgrunbook.diagnosis.Finding.Trouble;
import pgrunbook.environment.Environment;
import pgrunbook.environment.Environments;
import pgrunbook.migration.Migrations;
import pgrunbook.postgres.Activity;
import pgrunbook.postgres.Connections;
import pgrunbook.postgres.Connector;
import pgrunbook.postgres.PlainCluster;
import pgrunbook.postgres.PostgresException;
import pgrunbook.postgres.ServerFacts;
import pgrunbook.postgres.ServerProcess;
import pgrunbook.process.Children;
import pgrunbook.service.SimulatedMaintenance;
import pgrunbook.service.SimulatedServices;
import pgrunbook.testing.Databases;
import pgrunbook.testing.PostgresServer;
import pgrunbook.text.Problems;

/** What is judged by limits, with limits that a test can reach. */
class ChecksTest {
  private static final Limits NONE =
      new Limits(
          Duration.ofSeconds(2), Duration.ZERO, Duration.ofHours(1), Duration.ZERO, -1, 1L << 40);

  /** As Flyway makes it, with one migration applied. */
  private static final String HISTORY =
      """
      CREATE TABLE flyway_schema_history (
        installed_rank int PRIMARY KEY, version varchar(50), description varchar(200) NOT NULL,
        type varchar(20) NOT NULL, script varchar(1000) NOT NULL, checksum int,
        installed_by varchar(100) NOT NULL, installed_on timestamp NOT NULL DEFAULT now(),
        execution_time int NOT NULL, success boolean NOT NULL);
      INSERT INTO flyway_schema_history
      VALUES (1, '1', 'one', 'SQL', 'V1__one.sql', {checksum}, 'app', now(), 1, true)
      """;

  private final PostgresServer server = PostgresServer.shared();
  private String database;
  private Patient patient;
  private PlainCluster cluster;

  @BeforeEach
  void a_patient(@TempDir Path folder) throws Exception {
    database = server.createDatabase("patient");
    var file = folder.resolve("runbooks/environments/test.yaml");
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        """
        name: test
        database: {name: %s, host: 127.0.0.1, port: %d, user: postgres}
        """
            .formatted(database, server.port()));
    var environment = Environments.read(folder, "test", Map.of(), new Problems()).orElseThrow();
    patient = new Patient(environment, folder, new Wired(folder), Optional.empty());
    cluster = new PlainCluster(connector(), () -> "doctor");
  }

  @AfterEach
  void close() throws Exception {
    cluster.close();
    server.execute("postgres", "DROP DATABASE " + database + " WITH (FORCE)");
  }

  private Connector connector() {
    return new Connector(
        "127.0.0.1", server.port(), server.user(), Optional.empty(), Optional.empty());
  }

  private record Wired(Path folder) implements Wiring {
    @Override
    public Road road(Environment environment, Optional<ComposeProject> compose) {
      var database = environment.database();
      return new Road(
          new Connections(
              new Connector(
                  database.host(),
                  database.port(),
                  database.user(),
                  Optional.empty(),
                  Optional.empty())),
          major -> pgrunbook.postgres.Tools.find(Map.of(), Optional.of(major), new Children()));
    }

    @Override
    public Around around(Environment environment) {
      return new Around(
          new SimulatedServices(folder.resolve("simulated"), List.of()),
          new SimulatedMaintenance(folder.resolve("simulated")));
    }

    @Override
    public Neighbours neighbours() {
      return Neighbours.NONE;
    }

    @Override
    public String called(String words) {
      return "runbook " + words;
    }

    @Override
    public Runs runs() {
      return new Runs() {
        @Override
        public List<Finding> findings(String environment) {
          return List.of();
        }

        @Override
        public Optional<String> owing(String environment, String id) {
          return Optional.empty();
        }

        @Override
        public Optional<String> waiting(String environment) {
          return Optional.empty();
        }

        @Override
        public Standing standing(String id) {
          return id.endsWith("open")
              ? Standing.OPEN
              : id.endsWith("over") ? Standing.OVER : Standing.NOT_KNOWN_HERE;
        }
      };
    }
  }

  private List<Finding> found(Check check) {
    return new Checks(patient, cluster, database, List.of(check)).look();
  }

  private static List<Trouble> troubles(List<Finding> findings) {
    return findings.stream().filter(Trouble.class::isInstance).map(Trouble.class::cast).toList();
  }

  @Test
  void a_prepared_transaction_that_nobody_ended_is_trouble_and_blocks() throws Exception {
    // given
    Databases.execute(database, "CREATE TABLE t (id int)");
    Databases.execute(database, "BEGIN; LOCK TABLE t; PREPARE TRANSACTION 'it''s left'");
    try (var waiting = server.connect(database);
        var statement = waiting.createStatement()) {
      var waiter =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  statement.execute("SELECT * FROM t");
                } catch (java.sql.SQLException _) {
                  // ended by the test
                }
              });
      while (!Databases.column("postgres", "SELECT count(*) FROM pg_locks WHERE NOT granted")
          .getFirst()
          .equals("1")) {
        Thread.sleep(10);
      }
      // when
      var prepared = troubles(found(new PreparedTransactions(patient, NONE)));
      var blockers = troubles(found(new Blockers(patient, Limits.USUAL)));
      // then
      assertThat(prepared).hasSize(1);
      assertThat(prepared.getFirst().what())
          .contains("'it's left' of postgres in database " + database);
      assertThat(prepared.getFirst().mend()).contains("ROLLBACK PREPARED ");
      assertThat(blockers)
          .extracting(Trouble::what)
          .anyMatch(it -> it.startsWith("a prepared transaction blocks pid"));
      assertThat(found(new PreparedTransactions(patient, Limits.USUAL)))
          .hasOnlyElementsOfType(Fine.class);
      // and when
      Databases.execute(database, "ROLLBACK PREPARED 'it''s left'");
      waiter.join();
    }
    assertThat(troubles(found(new PreparedTransactions(patient, NONE)))).isEmpty();
  }

  @Test
  void a_slot_without_a_reader_is_trouble_when_it_keeps_too_much() {
    // given
    var slot = "slot_of_" + database;
    Databases.execute(
        database, "SELECT pg_create_logical_replication_slot('" + slot + "', 'test_decoding')");
    try {
      // then
      assertThat(troubles(found(new ReplicationSlots(patient, NONE))))
          .singleElement()
          .satisfies(it -> {
            assertThat(it.what())
                .contains("replication slot " + slot + " has no reader and keeps ");
            assertThat(it.mend()).contains("pg_drop_replication_slot(");
          });
      assertThat(troubles(found(new ReplicationSlots(patient, Limits.USUAL)))).isEmpty();
    } finally {
      Databases.execute(database, "SELECT pg_drop_replication_slot('" + slot + "')");
    }
  }

  @Test
  void a_transaction_that_waits_for_its_client_is_trouble() throws Exception {
    try (var idle = server.connect(database);
        var statement = idle.createStatement()) {
      idle.setAutoCommit(false);
      statement.execute("CREATE TABLE mine ()");
      Thread.sleep(5);
      assertThat(troubles(found(new Blockers(patient, NONE))))
          .singleElement()
          .satisfies(it -> {
            assertThat(it.what())
                .contains(
                    "idle in transaction for", "keeps rows of the last", "CREATE TABLE mine ()");
            assertThat(it.mend()).matches("runbook run unlock --set pid=\\d+ --env test");
          });
      assertThat(troubles(found(new Blockers(patient, Limits.USUAL)))).isEmpty();
    }
  }

  @Test
  void only_a_server_of_this_machine_is_taken_for_one_and_only_itself_for_the_same()
      throws Exception {
    try (var connection = server.connect(database)) {
      // given
      var here = ServerProcess.of(connection);
      var data = here.folder().orElseThrow().resolve("postmaster.pid");
      // then
      assertThat(here.isHere()).isTrue();
      assertThat(as(here, 1, here.started()).isHere()).isEqualTo(Files.isReadable(data));
      assertThat(as(here, 1, here.started() - 9).isHere()).isFalse();
    }
    // and
    var facts = cluster.server();
    var address = List.of(InetAddress.getLoopbackAddress());
    assertThat(new SameServer(connector(), facts).look(address)).isEmpty();
    var other = new ServerFacts(150000, "15.0", "4711", "postgres", true, true, false);
    assertThat(troubles(new SameServer(connector(), other).look(address)))
        .singleElement()
        .satisfies(it ->
            assertThat(it.what())
                .startsWith("127.0.0.1 is two clusters: this one, system identifier 4711, and at")
                .endsWith(facts.systemIdentifier()));
  }

  private static ServerProcess as(ServerProcess it, int clientPort, long started) {
    return new ServerProcess(it.pid(), clientPort, started, it.port(), it.folder());
  }

  private static final String RUN = "_20260102_030405_";

  @Test
  void what_may_be_the_only_copy_or_is_in_use_elsewhere_is_never_to_be_dropped() {
    // given
    var old = database + "_old" + RUN + "else";
    var restored = database + "_restore" + RUN + "else";
    var neighbour = database.substring(0, database.length() - 1) + "_restore" + RUN + "over";
    var left = new LeftDatabases(patient);
    // when the database is there
    var found = left.look(List.of(database, old, restored, neighbour));
    // then
    assertThat(found).hasSize(2);
    assertThat(found.getFirst()).isInstanceOf(Fine.class);
    assertThat(found.getLast())
        .isInstanceOfSatisfying(
            CouldNotCheck.class,
            it -> assertThat(it.why()).startsWith("run 20260102-030405-else is not known here"));
    // and when it is not
    assertThat(left.look(List.of(old, restored))).isEmpty();
    assertThat(mend(left.insteadOf(List.of(old, restored, neighbour))))
        .contains("RENAME TO \"" + database + "\"", old, "ALLOW_CONNECTIONS true")
        .doesNotContain("DROP");
    assertThat(mend(left.insteadOf(List.of(restored)))).contains(restored);
    assertThat(left.insteadOf(List.of(neighbour))).isEmpty();
    assertThat(mend(left.insteadOf(List.of(database + "_old" + RUN + "open"))))
        .startsWith("runbook resume 20260102-030405-open");
  }

  private static String mend(Optional<Finding> found) {
    return found.map(Trouble.class::cast).orElseThrow().mend();
  }

  @Test
  void what_a_run_that_is_over_has_left_may_be_dropped() {
    // given
    var left = new LeftDatabases(patient);
    var restored = database + "_restore" + RUN + "over_again";
    var undone = database + "_undone" + RUN + "over";
    // when
    var found = troubles(left.look(List.of(database, restored, undone)));
    // then
    assertThat(found.getFirst().mend()).contains("DROP DATABASE \"" + restored + "\"");
    assertThat(found.getLast().mend())
        .startsWith("when nobody needs what was written into it: psql ")
        .contains("DROP DATABASE \"" + undone + "\"");
  }

  @Test
  void an_index_whose_build_failed_and_an_extension_that_is_older_are_trouble() {
    // given
    Databases.execute(database, "CREATE TABLE t (id int); INSERT INTO t VALUES (1), (1)");
    try {
      server.execute(database, "CREATE UNIQUE INDEX CONCURRENTLY \"t Key\" ON t (id)");
    } catch (java.sql.SQLException _) {
      // as it should
    }
    Databases.execute(database, "CREATE EXTENSION hstore VERSION '1.4'");
    // then
    assertThat(troubles(found(new InvalidIndexes(patient))))
        .singleElement()
        .satisfies(it -> {
          assertThat(it.what()).startsWith("index public.\"t Key\" is invalid");
          assertThat(it.mend()).contains("REINDEX INDEX CONCURRENTLY public.\"t Key\"");
        });
    assertThat(whileBuilding(() -> found(new InvalidIndexes(patient))))
        .singleElement()
        .isInstanceOfSatisfying(
            CouldNotCheck.class, it -> assertThat(it.what()).contains("public.\"t Key\""));
    assertThat(troubles(found(new Extensions(patient, 15))))
        .singleElement()
        .satisfies(it -> {
          assertThat(it.what()).startsWith("extension hstore 1.4, the server has ");
          assertThat(it.mend()).contains("ALTER EXTENSION \"hstore\" UPDATE");
        });
  }

  /** As a build holds it, from its begin to its end. */
  private List<Finding> whileBuilding(Supplier<List<Finding>> look) {
    try (var builder = server.connect(database);
        var statement = builder.createStatement()) {
      builder.setAutoCommit(false);
      statement.execute("LOCK TABLE t IN SHARE UPDATE EXCLUSIVE MODE");
      return look.get();
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void many_who_wait_for_each_other_are_found_at_once_and_unlock_is_offered_where_it_helps() {
    // given, as a queue for one lock is seen: each waits for all before it
    var all = new ArrayList<Activity>();
    for (var i = 1; i <= 40; i++) {
      all.add(activity(i, "app", IntStream.range(1, i).boxed().toList()));
    }
    // then
    assertThat(Blockers.waitingFor(all.getFirst(), all))
        .containsExactlyElementsOf(all.subList(1, 40));
    assertThat(activity(1, "pgrunbook/psql/0a1b2c3d", List.of()).kind())
        .isEqualTo(Activity.Kind.CLIENT);
    assertThat(activity(1, "pgrunbook/20260102-030405-abcd/restore", List.of()).kind())
        .isEqualTo(Activity.Kind.RUN);
    assertThat(activity(1, "pgrunbook-lock/20260102-030405-abcd", List.of()).kind())
        .isEqualTo(Activity.Kind.RUN);
  }

  private static Activity activity(int pid, String application, List<Integer> blockedBy) {
    return new Activity(
        pid,
        Optional.of(Instant.EPOCH),
        Optional.of("shop"),
        "app",
        application,
        "local",
        Optional.of("client backend"),
        Optional.of("active"),
        Optional.empty(),
        Optional.empty(),
        false,
        "SELECT 1",
        Optional.empty(),
        blockedBy);
  }

  @Test
  void what_was_found_before_the_server_was_gone_is_kept() {
    // given
    var gone =
        new Check() {
          @Override
          public String about() {
            return "something";
          }

          @Override
          public List<Finding> look(java.sql.Connection connection) {
            throw new PostgresException("an I/O error occurred", "see the server's log");
          }
        };
    // when
    var checks = List.of(new InvalidIndexes(patient), gone, new Clock(Limits.USUAL));
    var found = new Checks(patient, cluster, database, checks).look();
    // then
    assertThat(found.getFirst()).isEqualTo(new Fine("every index is valid"));
    assertThat(found.get(1)).isInstanceOf(Trouble.class);
    assertThat(found.subList(2, 4)).hasOnlyElementsOfType(CouldNotCheck.class);
  }

  @Test
  void migrations_that_are_pending_changed_or_deleted_are_trouble() throws Exception {
    // given
    var migrations = patient.environment().migrations();
    assertThat(new MigrationSteps(patient, cluster).look()).isEmpty();
    Files.createDirectory(migrations.dir());
    var first = migrations.dir().resolve("V1__one.sql");
    Files.writeString(first, "CREATE TABLE one ();");
    assertThat(troubles(new MigrationSteps(patient, cluster).look()))
        .containsExactly(
            new Trouble(
                "1 migration is pending, the next is 1 one", "runbook run migrate --env test"));
    // when its file is changed after it was applied
    var files = Migrations.read(migrations);
    Databases.execute(
        database,
        HISTORY.replace("{checksum}", Integer.toString(files.all().getFirst().checksum())));
    assertThat(new MigrationSteps(patient, cluster).look())
        .containsExactly(new Fine("migrations are in step, at 1"));
    Files.writeString(first, "CREATE TABLE another ();");
    // then
    assertThat(troubles(new MigrationSteps(patient, cluster).look()))
        .singleElement()
        .satisfies(it -> assertThat(it.what()).contains("V1__one.sql: it was changed after"));
    // and when it is deleted
    Files.delete(first);
    Files.writeString(migrations.dir().resolve("V2__two.sql"), "CREATE TABLE two ();");
    assertThat(troubles(new MigrationSteps(patient, cluster).look()))
        .anySatisfy(it -> assertThat(it.what()).contains("has no file V1__one.sql"));
  }

  @Test
  void a_question_that_the_server_refuses_is_not_checked_and_hides_no_other() {
    // given
    var refused =
        new Check() {
          @Override
          public String about() {
            return "something";
          }

          @Override
          public List<Finding> look(java.sql.Connection connection) throws java.sql.SQLException {
            connection.createStatement().execute("CREATE TABLE changed ()");
            return List.of();
          }
        };
    // when
    var found =
        new Checks(
                patient, cluster, database, List.of(refused, new Capacity(patient, Limits.USUAL)))
            .look();
    // then
    assertThat(found.getFirst())
        .isEqualTo(
            new CouldNotCheck(
                "something", "cannot execute CREATE TABLE in a read-only transaction"));
    assertThat(found).hasSize(3);
    assertThat(
            troubles(
                found(
                    new Capacity(
                        patient,
                        new Limits(
                            Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, 0, -1)))))
        .extracting(Trouble::mend)
        .anyMatch(it -> it.startsWith("vacuumdb "));
  }

  @Test
  void only_what_the_clocks_differ_beyond_the_time_of_the_question_counts() {
    var start = Instant.parse("2026-01-02T03:04:05Z");
    var limit = Duration.ofSeconds(2);
    assertThat(Clock.judged(start, start.plusSeconds(5), start.plusSeconds(4), limit))
        .isInstanceOf(Fine.class);
    assertThat(Clock.judged(start, start.plusSeconds(5), start, limit))
        .isEqualTo(
            new Trouble(
                "the server's clock is 5.0 s ahead of this machine's",
                "on whichever is wrong: timedatectl set-ntp true"));
    assertThat(Clock.judged(start, start.minusSeconds(60), start, limit))
        .extracting(it -> ((Trouble) it).what())
        .isEqualTo("the server's clock is 1 min behind this machine's");
  }
}
