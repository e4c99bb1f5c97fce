package pgrunbook.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.environment.MigrationSettings;
import pgrunbook.postgres.Connector;
import pgrunbook.postgres.PlainCluster;
import pgrunbook.testing.Databases;
import pgrunbook.testing.PostgresServer;

@Timeout(120)
class MigratorTest {
  private static final String APPLICATION = "pgrunbook/test/migrate";

  @TempDir Path project;

  private final PostgresServer server = PostgresServer.shared();
  private final PlainCluster cluster =
      new PlainCluster(
          new Connector("127.0.0.1", server.port(), "postgres", Optional.empty(), Optional.empty()),
          () -> APPLICATION);
  private String database = "";

  @BeforeEach
  void make() throws Exception {
    Files.createDirectories(project.resolve("migrations"));
    database = server.createDatabase("migrator");
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private MigrationSettings settings() {
    return MigrationSettings.in(project);
  }

  private Migrator migrator() {
    return new Migrator(cluster, settings());
  }

  private void write(String script, String sql) throws IOException {
    Files.writeString(project.resolve("migrations").resolve(script), sql);
  }

  private MigrationState state() {
    return MigrationState.of(
        Migrations.read(settings()), History.read(cluster, database, settings()));
  }

  @Test
  void the_sample_application_is_applied_whole_and_is_in_step_then() throws Exception {
    // given
    var files = Migrations.read(Path.of("migrations")).orThrow();
    assertThat(files.all()).isNotEmpty().allMatch(it -> it.undo().isPresent());
    // when
    var applied = migrator().applyAll(database, files);
    // then
    assertThat(applied).extracting(it -> it.migration()).isEqualTo(files.all());
    var history = History.read(cluster, database, settings());
    var state = MigrationState.of(files, history);
    assertThat(state.inStep()).isTrue();
    assertThat(state.current()).contains(files.all().getLast().version());
    assertThat(history.rows())
        .allSatisfy(row ->
            assertThat(row.checksum())
                .contains(files.find(row.version().orElseThrow()).orElseThrow().checksum()));
    assertThat(migrator().applyAll(database, files)).isEmpty();
  }

  @Test
  void a_target_is_the_last_that_is_applied_and_line_ends_and_a_byte_order_mark_do_not_count()
      throws Exception {
    // given
    write("V1__one.sql", "CREATE TABLE one (\n  a int\n);\n");
    write("V1.10__ten.sql", "\ufeffCREATE TABLE ten (\r\n  a text DEFAULT '${not_ours}'\r\n);\r\n");
    write("V1_9__nine.sql", "CREATE TABLE nine (a int)");
    // when
    var applied =
        migrator()
            .apply(database, Migrations.read(settings()), Optional.of(Version.of("1.9")), _ -> {});
    // then
    assertThat(applied)
        .extracting(it -> it.migration().script())
        .containsExactly("V1__one.sql", "V1_9__nine.sql");
    assertThat(state().odd()).isEmpty();
    assertThat(state().pending()).extracting(Migration::script).containsExactly("V1.10__ten.sql");
    migrator().applyAll(database, Migrations.read(settings()));
    assertThat(state().inStep()).isTrue();
    // and line ends may change afterwards
    write("V1.10__ten.sql", "CREATE TABLE ten (\n  a text DEFAULT '${not_ours}'\n);\n");
    assertThat(state().inStep()).isTrue();
  }

  @Test
  void an_index_is_made_concurrently_and_every_session_carries_the_steps_name() throws Exception {
    write("V1__one.sql", "CREATE TABLE one (a int)");
    write("V2__index.sql", "CREATE INDEX CONCURRENTLY one_a ON one (a);");
    write(
        "V3__who.sql",
        "CREATE TABLE who AS SELECT application_name, current_setting('lock_timeout') AS wait"
            + " FROM pg_stat_activity WHERE datname = current_database()");
    var said = new ArrayList<String>();
    new Migrator(cluster, settings(), Duration.ofSeconds(7), List.of())
        .apply(database, Migrations.read(settings()), Optional.empty(), said::add);
    assertThat(Databases.column(database, "SELECT DISTINCT application_name FROM who"))
        .containsExactly(APPLICATION);
    assertThat(Databases.column(database, "SELECT DISTINCT wait FROM who")).containsExactly("7s");
    assertThat(said).contains("apply 1 one", "apply 2 index", "apply 3 who");
    assertThat(History.read(cluster, database, settings()).invalidIndexes()).isEmpty();
  }

  @Test
  void what_the_server_can_parse_flyway_can_run() throws Exception {
    write(
        "V1__functions.sql",
        """
        CREATE FUNCTION twice(a int) RETURNS int LANGUAGE sql IMMUTABLE BEGIN ATOMIC
          SELECT a * 2;
        END;
        CREATE FUNCTION quoted() RETURNS text LANGUAGE sql AS $x$ SELECT 'a;b' || $$;$$ $x$;
        CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$;
        CREATE TABLE "we;ird" (a text DEFAULT E'\\';', b jsonb DEFAULT '{"a": "?"}');
        COMMENT ON TABLE "we;ird" IS '{fn x} ?';
        """);
    migrator().applyAll(database, Migrations.read(settings()));
    assertThat(Databases.column(database, "SELECT twice(2) || quoted()")).containsExactly("4a;b;");
  }

  @Test
  void a_failure_names_file_line_and_statement_and_leaves_nothing_of_it() throws Exception {
    // given
    write("V1__one.sql", "CREATE TABLE one (a int);");
    write("V2__two.sql", "CREATE TABLE two (a int);\n\nINSERT INTO two\nVALUES ('x');\n");
    // when
    var failed =
        catchThrowableOfType(
            MigrationFailed.class,
            () -> migrator().applyAll(database, Migrations.read(settings())));
    // then
    assertThat(failed.problem().toString())
        .startsWith("migrations/V2__two.sql:3:1: invalid input syntax for type integer: \"x\"");
    assertThat(failed.statement()).contains("INSERT INTO two\nVALUES ('x')");
    assertThat(failed.sqlState()).isEqualTo("22P02");
    assertThat(state().current()).contains(Version.of("1"));
    assertThat(state().odd()).isEmpty();
    assertThat(Databases.column(database, "SELECT to_regclass('two')::text")).containsExactly("");
  }

  @Test
  void flyway_refuses_a_file_with_another_description_and_it_is_said_which() throws Exception {
    write("V1__one.sql", "CREATE TABLE one (a int);");
    migrator().applyAll(database, Migrations.read(settings()));
    var folder = project.resolve("migrations");
    Files.move(folder.resolve("V1__one.sql"), folder.resolve("V1__other.sql"));
    var failed =
        catchThrowableOfType(
            MigrationFailed.class,
            () -> migrator().applyAll(database, Migrations.read(settings())));
    assertThat(failed.problem().what())
        .startsWith("flyway: Migration description mismatch for migration version 1");
    assertThat(failed.problem().hint()).isPresent();
    assertThat(state().odd()).singleElement().isInstanceOf(Odd.Renamed.class);
    // but not where only the script differs
    Files.move(folder.resolve("V1__other.sql"), folder.resolve("V1.0__one.sql"));
    assertThat(migrator().applyAll(database, Migrations.read(settings()))).isEmpty();
    assertThat(state().inStep()).isTrue();
  }

  @Test
  void half_of_what_cannot_be_rolled_back_is_an_odd_row() throws Exception {
    write("V1__one.sql", "CREATE TABLE one (a int); INSERT INTO one VALUES (1), (1);");
    write("V2__index.sql", "CREATE UNIQUE INDEX CONCURRENTLY one_a ON one (a);");
    assertThatThrownBy(() -> migrator().applyAll(database, Migrations.read(settings())))
        .isInstanceOf(MigrationFailed.class);
    assertThat(state().odd()).singleElement().isInstanceOf(Odd.Failed.class);
    assertThat(state().current()).contains(Version.of("1"));
    assertThat(History.read(cluster, database, settings()).invalidIndexes())
        .containsExactly("one_a");
  }

  @Test
  void it_does_not_wait_for_a_lock_longer_than_it_was_told() throws Exception {
    server.execute(database, "CREATE TABLE one (a int); CREATE SCHEMA flyway");
    write("V1__one.sql", "ALTER TABLE one ADD b int");
    var settings =
        new MigrationSettings(
            project.resolve("migrations"), "migrations", "history", Optional.of("flyway"));
    var migrator = new Migrator(cluster, settings, Duration.ofMillis(200), List.of());
    try (var blocker = server.connect(database)) {
      blocker.setAutoCommit(false);
      try (var statement = blocker.createStatement()) {
        statement.execute("LOCK TABLE one");
      }
      write("V1__one.sql", "ALTER TABLE public.one ADD b int");
      var failed =
          catchThrowableOfType(
              MigrationFailed.class, () -> migrator.applyAll(database, Migrations.read(settings)));
      assertThat(failed.waitedForLock()).isTrue();
    }
    assertThat(migrator.applyAll(database, Migrations.read(settings))).hasSize(1);
    assertThat(Databases.column(database, "SELECT version FROM flyway.history"))
        .containsExactly("1");
  }

  @Test
  void an_interrupt_ends_it_on_the_server_too() throws Exception {
    write("V1__long.sql", "SELECT pg_sleep(100)");
    var caught = new AtomicReference<Throwable>();
    var thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                migrator().applyAll(database, Migrations.read(settings()));
              } catch (InterruptedException | RuntimeException e) {
                caught.set(e);
              }
            });
    var running =
        "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%sleep(1%'"
            + " AND datname = '"
            + database
            + "'";
    while (Databases.column("postgres", running).isEmpty()) {
      Thread.sleep(50);
    }
    thread.interrupt();
    thread.join();
    assertThat(caught.get()).isInstanceOf(InterruptedException.class);
    assertThat(Databases.column("postgres", running)).isEmpty();
    assertThat(state().odd()).isEmpty();
  }
}
