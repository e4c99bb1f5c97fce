package pgrunbook.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.action.Claim;
import pgrunbook.action.Observed;
import pgrunbook.action.Preview;
import pgrunbook.action.StepFailed;
import pgrunbook.backup.Examiner;
import pgrunbook.testing.Databases;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.PostgresServer.Ran;
import pgrunbook.testing.TestWorld;
import pgrunbook.text.Problem;

/** What PostgreSQL's own programs do with a backup, made for real, and what is done here. */
@Tag("fault")
class RestoreFaultTest {
  private static final String WITH = "{backup: %s, database: %s}";
  private static final String END = "--\n-- PostgreSQL database dump complete";

  private static final String KNOWN =
      "CREATE TABLE base AS SELECT 1 AS id;"
          + " CREATE FUNCTION known(int) RETURNS boolean IMMUTABLE LANGUAGE sql"
          + " AS 'SELECT EXISTS (SELECT FROM base WHERE id <> -$1)'; ";

  @TempDir private Path project;

  private final PostgresServer server = PostgresServer.shared();
  private final PostgresRestore action = new PostgresRestore();
  private String database;
  private String empty;
  private TestWorld world;

  @BeforeEach
  void open() throws Exception {
    database = Sample.database(server);
    world = TestWorld.in(project, database);
    empty = Sample.privateDatabase(world);
  }

  @AfterEach
  void close() {
    world.close();
    for (var name : Databases.of(database).keySet()) {
      Databases.execute("postgres", "DROP DATABASE \"" + name + "\" WITH (FORCE)");
    }
  }

  /** A dump as an operator makes it, which has no manifest; it counts as verified. */
  private String dumped(String name, String... options) throws Exception {
    var file = world.backups().resolve(name);
    var words = new java.util.ArrayList<>(List.of(options));
    words.addAll(List.of("-f", file.toString(), database));
    server.run("pg_dump", words.toArray(String[]::new)).ok();
    return verified(file);
  }

  private String verified(Path file) throws IOException {
    var shown = project.relativize(file).toString();
    world = world.holding(new Claim.BackupVerified(shown, Examiner.digest(file)));
    return shown;
  }

  private String edited(String backup, String what, String by) throws IOException {
    var file = project.resolve(backup);
    var text = Files.readString(file);
    assertThat(text).contains(what);
    return verified(Files.writeString(file, text.replaceFirst(what, by)));
  }

  private String naive(String what) throws Exception {
    return server.createDatabase(database + "_" + what);
  }

  private Ran psql(String into, String backup, String... options) throws Exception {
    var words = new java.util.ArrayList<>(List.of("-X", "-q", "-d", into));
    words.addAll(List.of(options));
    words.addAll(List.of("-f", project.resolve(backup).toString()));
    return server.run("psql", words.toArray(String[]::new));
  }

  private ThrowingCallable restoring(String backup) {
    return () -> Sample.run(action, world, WITH.formatted(backup, empty));
  }

  private Preview checked(String backup) {
    var check = new PostgresCheckBackup();
    return check.preview(world.input(check, "backup: " + backup), world.planning("check"));
  }

  private static void refused(Preview preview, String what, String hint) {
    assertThat(preview.problems())
        .extracting(Problem::toString)
        .anySatisfy(problem -> assertThat(problem).contains(what, "hint: ", hint));
  }

  private static String one(String in, String sql) {
    return String.join(",", Databases.column(in, sql));
  }

  @Test
  void row_1_an_error_that_psql_passes_over_fails_the_restore() throws Exception {
    // given
    var create = "CREATE EXTENSION not_here;\n\n";
    var backup = edited(dumped("b.sql"), END, create + END);
    var other = naive("passed_over");
    // when
    var naive = psql(other, backup);
    // then
    assertThat(naive.exit()).isZero();
    assertThat(naive.err()).contains("ERROR:  extension \"not_here\" is not available");
    refused(checked(backup), "does not have the extension 'not_here'", "install it first");
    assertThatThrownBy(restoring(backup))
        .isInstanceOfSatisfying(
            StepFailed.class,
            e -> assertThat(e.hint().orElseThrow()).contains("install the extension's package"))
        .hasMessageContaining("extension \"not_here\" is not available");
    assertThat(one(empty, "SELECT count(*) FROM pg_class WHERE relname = 'users'")).isEqualTo("0");
  }

  @Test
  void row_11_a_dump_with_large_objects_that_fails_leaves_a_private_database_only()
      throws Exception {
    // given
    server.execute(database, "SELECT lo_from_bytea(0, 'large')");
    var backup = edited(dumped("b.sql"), END, "SELECT 1 / 0;\n\n" + END);
    var other = naive("committed");
    var before = Databases.fingerprint(database);
    // when: psql was told to do it in one transaction
    assertThat(psql(other, backup, "-1", "-v", "ON_ERROR_STOP=1").exit()).isEqualTo(3);
    // then: what came before the dump's own COMMIT stays
    assertThat(one(other, "SELECT count(*) FROM pg_largeobject_metadata")).isEqualTo("1");
    assertThatThrownBy(restoring(backup)).hasMessageContaining("division by zero");
    assertThat(Databases.fingerprint(database)).isEqualTo(before);
    // and what is left is known, and made anew by the next attempt
    var in = world.input(action, WITH.formatted(backup, empty));
    var intent =
        new PostgresRestore.Intent(
            backup, "", empty, world.cluster().database(empty).orElseThrow().oid(), false);
    assertThat(action.inspect(in, intent, world.look("step"))).isInstanceOf(Observed.Partly.class);
    edited(backup, "SELECT 1 / 0;", "SELECT 1;");
    Sample.run(action, world, WITH.formatted(backup, empty), Optional.of(intent));
    assertThat(Databases.fingerprint(empty)).isEqualTo(before);
  }

  @Test
  void row_12_an_archive_made_with_create_does_not_reach_the_database_in_use() throws Exception {
    // given
    var backup = dumped("b.dump", "-Fc", "-C", "--clean");
    var before = Databases.of(database);
    // when
    Sample.run(action, world, WITH.formatted(backup, empty));
    // then
    assertThat(Databases.of(database)).isEqualTo(before);
    assertThat(Databases.fingerprint(empty)).isEqualTo(Databases.fingerprint(database));
  }

  @Test
  void row_14_a_database_that_takes_every_byte_is_a_problem_of_the_plan() throws Exception {
    // given
    var backup = dumped("b.sql");
    server.execute("postgres", "DROP DATABASE " + database);
    server.execute(
        "postgres",
        "CREATE DATABASE " + database + " TEMPLATE template0 ENCODING SQL_ASCII LOCALE 'C'");
    // when
    psql(database, backup, "-v", "ON_ERROR_STOP=1").ok();
    // then
    assertThat(one(database, "SELECT length(value) FROM \"Odd {name}\" WHERE key = 3"))
        .as("characters of ünïcode")
        .isEqualTo("9");
    refused(
        checked(backup),
        "the backup is encoded in UTF8, and " + database + " in SQL_ASCII",
        "ENCODING 'UTF8'");
  }

  @Test
  void rows_without_definitions_are_a_problem_of_the_plan() throws Exception {
    // given tables that refer to each other
    server.execute(
        database,
        """
        CREATE TABLE hen (id int PRIMARY KEY, egg int);
        CREATE TABLE egg (id int PRIMARY KEY, hen int REFERENCES hen);
        INSERT INTO hen VALUES (1, 1);
        INSERT INTO egg VALUES (1, 1);
        ALTER TABLE hen ADD FOREIGN KEY (egg) REFERENCES egg;
        """);
    for (var format : List.of("p", "c", "d")) {
      var backup = dumped("rows." + format, "-a", "-F" + format);
      // when, then
      refused(checked(backup), "holds rows and creates no table", "--data-only");
    }
    server.execute(database, "TRUNCATE hen, egg, users, \"Odd {name}\", parted");
    var naive = psql(database, "backups/rows.p", "-v", "ON_ERROR_STOP=1");
    assertThat(naive.exit()).isEqualTo(3);
    assertThat(naive.err()).contains("violates foreign key constraint");
  }

  @Test
  void definitions_without_rows_are_a_warning() throws Exception {
    assertThat(checked(dumped("schema.dump", "-Fc", "-s")).warnings())
        .anyMatch(it -> it.contains("not a single row"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "c | CREATE TABLE child (id int CHECK (known(id))); INSERT INTO child VALUES (1)",
        "p | CREATE TABLE child (id int CHECK (known(id))); INSERT INTO child VALUES (1)",
        "c | CREATE INDEX ON users (known(id))",
        "p | CREATE MATERIALIZED VIEW seen AS SELECT known(1)"
      })
  void a_schema_that_needs_a_search_path_fails_the_restore_with_the_reason(
      String format, String sql) throws Exception {
    // given
    server.execute(database, KNOWN + sql);
    var backup = dumped("b." + format, "-F" + format);
    var before = Databases.of(database);
    // when, then
    defectOfTheSchema(restoring(backup));
    assertThat(Databases.of(database)).isEqualTo(before);
  }

  @Test
  void such_a_schema_fails_its_backup_until_it_is_mended_as_the_hint_says() throws Exception {
    // given
    server.execute(database, KNOWN + "CREATE INDEX ON users (known(id))");
    // when, then
    defectOfTheSchema(() -> Sample.backup(world, "{}"));
    assertThat(world.backups()).isEmptyDirectory();
    // and when
    server.execute(database, "ALTER FUNCTION known(int) SET search_path = public");
    var backup = Sample.backup(world, "{}").file();
    Sample.run(action, world, WITH.formatted(backup, empty));
    // then
    assertThat(Databases.fingerprint(empty)).isEqualTo(Databases.fingerprint(database));
  }

  private static void defectOfTheSchema(ThrowingCallable work) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(
            StepFailed.class,
            e -> assertThat(e.hint().orElseThrow()).contains("search_path", "name its schemas"))
        .hasMessageContaining("relation \"base\" does not exist");
  }

  @ParameterizedTest
  @ValueSource(strings = {"custom", "plain"})
  void a_database_that_is_read_only_by_default_is_backed_up_and_restored(String format)
      throws Exception {
    // given
    for (var name : List.of(database, empty)) {
      Databases.execute(
          "postgres", "ALTER DATABASE " + name + " SET default_transaction_read_only = on");
    }
    assertThat(server.run("psql", "-d", empty, "-c", "CREATE TABLE x ()").err())
        .contains("in a read-only transaction");
    // when
    var backup = Sample.backup(world, "{format: " + format + "}").file();
    Sample.run(action, world, WITH.formatted(backup, empty));
    // then
    assertThat(one(empty, "SELECT count(*) FROM users")).isEqualTo("1000");
  }

  @Test
  void statistics_that_a_restore_leaves_out_are_gathered() throws Exception {
    // given
    var backup = dumped("b.dump", "-Fc");
    var statistics = "SELECT count(*) > 0 FROM pg_stats WHERE tablename = 'users'";
    // when
    server.run("pg_restore", "-d", empty, project.resolve(backup).toString()).ok();
    assertThat(one(empty, statistics)).isEqualTo("f");
    Databases.execute("postgres", "DROP DATABASE " + empty);
    Sample.privateDatabase(world);
    Sample.run(action, world, WITH.formatted(backup, empty));
    // then
    assertThat(one(empty, statistics)).isEqualTo("t");
  }

  @Test
  void an_extension_that_becomes_another_version_is_named_by_the_plan() throws Exception {
    // given
    server.execute(database, "CREATE EXTENSION citext VERSION '1.4'");
    var backup = Sample.backup(world, "{}").file();
    // when
    var warnings = checked(backup).warnings();
    Sample.run(action, world, WITH.formatted(backup, empty));
    // then
    var now = one(empty, "SELECT extversion FROM pg_extension WHERE extname = 'citext'");
    assertThat(now).isNotEqualTo("1.4");
    assertThat(warnings).contains("extension citext was 1.4 and becomes " + now);
  }

  @Test
  void a_database_sorted_by_other_rules_is_named_and_a_new_one_is_sorted_by_todays()
      throws Exception {
    assumeThat(world.cluster().server().major()).isGreaterThanOrEqualTo(15);
    // given what an image with another library has left
    var icu = naive("icu");
    server.execute("postgres", "DROP DATABASE " + icu);
    server.execute(
        "postgres",
        "CREATE DATABASE %s TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en'".formatted(icu));
    server.execute(
        "postgres", "UPDATE pg_database SET datcollversion = '0.1' WHERE datname = '" + icu + "'");
    try (var other = TestWorld.in(project.resolve("icu"), icu)) {
      // when, then
      assertThat(backingUp(other).warnings())
          .anySatisfy(it ->
              assertThat(it)
                  .contains("sorted by collation version 0.1", "REINDEX DATABASE \"" + icu));
      var fresh = Sample.run(new PostgresCreate(), other, "{}").database();
      assertThat(other.cluster().database(fresh).orElseThrow().sortedByOtherRules()).isEmpty();
      // and when: what it names is done
      for (var sql : other.cluster().database(icu).orElseThrow().sortAgain()) {
        server.execute(icu, sql);
      }
      // then
      assertThat(backingUp(other).warnings()).isEmpty();
    }
  }

  private static Preview backingUp(TestWorld world) {
    var backup = new PostgresBackup();
    return backup.preview(world.input(backup, "{}"), world.planning("backup"));
  }

  @Test
  void jobs_are_only_asked_of_programs_that_can_have_them() throws Exception {
    // given
    var backup = dumped("b.dump", "-Fc");
    assertThat(
            server
                .run("pg_dump", "-Fc", "-j2", "-f", project.resolve("x").toString(), database)
                .err())
        .contains("parallel backup only supported by the directory format");
    assertThat(server.run("pg_restore", "-1", "-j2", "-d", empty, "b.dump").err())
        .contains("cannot specify both --single-transaction and multiple jobs");
    // when
    var written = Sample.backup(world, "{format: custom, jobs: 2}").file();
    for (var jobs : List.of(1, 2)) {
      for (var of : List.of(backup, written)) {
        var yaml = "{backup: %s, database: %s, jobs: %d}".formatted(of, empty, jobs);
        var shown = action.preview(world.input(action, yaml), world.planning("r")).commands();
        // then
        assertThat(shown.getFirst().contains("--jobs")).isEqualTo(jobs == 2);
        assertThat(shown.getFirst().contains("--single-transaction")).isEqualTo(jobs == 1);
      }
    }
  }

  @Test
  void a_psql_that_knows_no_restrict_is_named() {
    assertThat(Hints.of("psql:b.sql:5: error: invalid command \\restrict"))
        .contains("install the latest minor release of psql");
  }
}
