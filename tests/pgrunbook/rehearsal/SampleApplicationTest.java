package pgrunbook.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static pgrunbook.rehearsal.ScratchPlace.PROCESSES;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.migration.Migration;
import pgrunbook.migration.Migrations;
import pgrunbook.postgres.Connections;
import pgrunbook.postgres.CreateDatabase;
import pgrunbook.postgres.PlainCluster;
import pgrunbook.postgres.Tools;
import pgrunbook.process.Deadline;

@TestInstance(Lifecycle.PER_CLASS)
class SampleApplicationTest {
  private static final int ROWS = 2_000;

  /** Everything of the schema public that is not an extension's. */
  private static final String OBJECTS =
      """
      SELECT count(*) FROM (
        SELECT 'pg_class'::regclass AS class, oid FROM pg_class WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT 'pg_type'::regclass, oid FROM pg_type WHERE typnamespace = 'public'::regnamespace
        UNION ALL SELECT 'pg_proc'::regclass, oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace) o
       WHERE NOT EXISTS (
        SELECT FROM pg_depend d WHERE d.classid = o.class AND d.objid = o.oid AND d.deptype = 'e')\
      """;

  private final ScratchPlace place = new ScratchPlace();
  private final Scratch scratch;
  private final PlainCluster cluster;
  private final Tools tools;
  private final SampleApplication app;

  SampleApplicationTest() throws Exception {
    scratch = start(place);
    cluster = new PlainCluster(connections(scratch), () -> "test");
    tools = tools(scratch);
    app = SampleApplication.create(cluster, "app", ROWS);
  }

  Scratch start(ScratchPlace where) throws Exception {
    return where.start();
  }

  Connections connections(Scratch started) {
    return new Connections(started.connector());
  }

  Tools tools(Scratch started) {
    assertThat(started.version()).isNotEmpty();
    return ScratchPlace.tools();
  }

  @AfterAll
  void stop() throws IOException {
    cluster.close();
    scratch.close();
    place.close();
  }

  @Test
  void its_migrations_are_those_of_the_project_and_each_can_be_undone() {
    var migrations = SampleApplication.migrations().all();
    assertThat(migrations).isEqualTo(Migrations.read(Path.of("migrations")).all());
    assertThat(migrations).allSatisfy(it -> assertThat(it.undo()).isPresent());
  }

  @Test
  void they_are_found_in_a_jar_without_entries_for_its_folders(@TempDir Path folder)
      throws IOException {
    // given
    var jar = folder.resolve("a.jar");
    try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (var name : List.of("migrations/V1__one.sql", "other/V2__two.sql")) {
        out.putNextEntry(new JarEntry(name));
        out.write("SELECT 1".getBytes(StandardCharsets.UTF_8));
      }
    }
    // when
    var migrations = SampleApplication.inJar(jar).all();
    // then
    assertThat(migrations).extracting(Migration::description).containsExactly("one");
    assertThat(migrations.getFirst().sql().text()).isEqualTo("SELECT 1");
  }

  @Test
  void it_has_rows_in_every_table_and_large_objects() {
    assertThat(text("app", "SELECT count(*) FROM properties")).isEqualTo("" + ROWS);
    assertThat(text("app", "SELECT count(*) FROM users")).isEqualTo("" + ROWS / 5);
    assertThat(text("app", "SELECT count(*) > 0 FROM listings")).isEqualTo("t");
    assertThat(text("app", "SELECT count(*) FROM embeddings")).isEqualTo("40");
    assertThat(text("app", "SELECT sum(length(lo_get(content))) FROM documents"))
        .isEqualTo("" + 16 * 100 * (1 + 2 + 3));
  }

  @Test
  void it_has_the_values_that_a_restore_can_get_wrong() {
    assertThat(text("app", "SELECT count(*) > 0 FROM properties WHERE description IS NULL"))
        .isEqualTo("t");
    assertThat(text("app", "SELECT max(description) FROM properties WHERE id = 1"))
        .contains("\t", "\\", "\n\\.\n")
        .hasSizeGreaterThan(20_000);
    assertThat(text("app", "SELECT string_agg(DISTINCT left(title, 4), '') FROM properties"))
        .contains("マンショ", "Дом");
  }

  @Test
  void it_belongs_to_an_owner_without_privileges() {
    assertThat(cluster.database("app").orElseThrow().owner()).isEqualTo("app");
    assertThat(text("app", "SELECT rolsuper OR rolcanlogin FROM pg_roles WHERE rolname = 'app'"))
        .isEqualTo("f");
    assertThat(
            text(
                "app",
                "SELECT bool_and(tableowner = 'app') FROM pg_tables WHERE schemaname = 'public'"))
        .isEqualTo("t");
    assertThat(text("app", "SELECT has_table_privilege('app_readonly', 'listings', 'SELECT')"))
        .isEqualTo("t");
  }

  @Test
  void it_has_properties_that_no_plain_dump_keeps() {
    assertThat(String.join("\n", cluster.properties("app").statementsFor("other")))
        .contains("CONNECTION LIMIT", "COMMENT ON DATABASE", "Europe/Berlin", "search_path")
        .contains("app_readonly", "default_transaction_read_only", "GRANT CONNECT");
  }

  @Test
  void two_of_them_hold_the_same() throws Exception {
    SampleApplication.create(cluster, "twin", ROWS);
    for (var table : List.of("users", "properties", "embeddings")) {
      var sum = "SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM " + table + " t";
      assertThat(text("twin", sum)).as(table).isEqualTo(text("app", sum));
    }
  }

  @Test
  void it_survives_a_dump_and_a_restore() throws Exception {
    // given
    var dump = Files.createDirectories(scratch.work()).resolve("app.dump").toString();
    var empty = CreateDatabase.like(cluster.database("app").orElseThrow(), "restored");
    cluster.execute("postgres", empty);
    // when
    client("pg_dump", "app", "-Fc", "-f", dump);
    client("pg_restore", "restored", "--exit-on-error", dump);
    // then
    assertThat(schemaOf("restored")).isEqualTo(schemaOf("app"));
    var rows = "SELECT md5(string_agg(p::text, '' ORDER BY id)) FROM properties p";
    assertThat(text("restored", rows)).isEqualTo(text("app", rows));
    assertThat(text("restored", "SELECT count(*) FROM pg_largeobject_metadata")).isEqualTo("3");
  }

  @Test
  void all_migrations_undone_leave_an_empty_schema_and_can_be_done_again() throws Exception {
    // given
    SampleApplication.create(cluster, "updown", 10);
    var migrations = SampleApplication.migrations().all();
    assertThat(text("updown", OBJECTS)).isNotEqualTo("0");
    // when
    for (var migration : migrations.reversed()) {
      asOwner("updown", migration.undo().orElseThrow().sql().text());
    }
    // then
    assertThat(text("updown", OBJECTS)).isEqualTo("0");
    assertThat(text("updown", "SELECT count(*) FROM pg_largeobject_metadata")).isEqualTo("0");
    for (Migration migration : migrations) {
      asOwner("updown", migration.sql().text());
    }
  }

  @Test
  void with_pgvector_the_embeddings_are_vectors_with_an_index() {
    assumeTrue(app.vectors(), "this server offers no pgvector");
    assertThat(typeOfEmbeddings()).isEqualTo("vector(1536)");
    assertThat(
            text("app", "SELECT count(*) FROM pg_class WHERE relname = 'embeddings_embedding_idx'"))
        .isEqualTo("1");
  }

  @Test
  void without_pgvector_the_embeddings_are_arrays() {
    assumeFalse(app.vectors(), "this server offers pgvector");
    assertThat(typeOfEmbeddings()).isEqualTo("real[]");
  }

  private String typeOfEmbeddings() {
    return text(
        "app",
        "SELECT format_type(atttypid, atttypmod) FROM pg_attribute"
            + " WHERE attrelid = 'embeddings'::regclass AND attname = 'embedding'");
  }

  private void asOwner(String database, String sql) throws InterruptedException {
    cluster.write(
        database,
        connection -> {
          SampleApplication.asOwner(connection, sql);
          return sql;
        });
  }

  private String text(String database, String sql) {
    return cluster.read(
        database,
        connection -> {
          try (var statement = connection.createStatement();
              var result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
          }
        });
  }

  private List<String> schemaOf(String database) throws Exception {
    var lines = client("pg_dump", database, "--schema-only");
    lines.removeIf(line -> line.startsWith("\\")); // a random key that psql wants
    return lines;
  }

  private List<String> client(String program, String database, String... args) throws Exception {
    List<String> out = new ArrayList<>();
    var command = tools.command(program, scratch.connector(), database, "test", List.of(args));
    var ended = PROCESSES.run(command, out::add, _ -> {}, Deadline.none());
    assertThat(ended.succeeded()).as(ended.errorTail().toString()).isTrue();
    return out;
  }
}
