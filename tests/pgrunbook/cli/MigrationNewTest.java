package pgrunbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.environment.MigrationSettings;
import pgrunbook.migration.Migrations;
import pgrunbook.migration.Migrator;
import pgrunbook.postgres.Connector;
import pgrunbook.postgres.PlainCluster;
import pgrunbook.testing.Cli;
import pgrunbook.testing.Databases;
import pgrunbook.testing.PostgresServer;

/** <code>migration new</code>, by hand and from a database that was changed live. */
class MigrationNewTest {
  private static final String USERS =
      "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, note text);";

  @TempDir Path folder;
  private final PostgresServer server = PostgresServer.shared();
  private String dev = "";

  @BeforeEach
  void makeProject() throws SQLException {
    dev = server.createDatabase("livedev");
    write("migrations/V202601010000__users.sql", USERS);
    write("migrations/U202601010000__users.sql", "DROP TABLE users;");
    environment("dev", dev, server.user(), "");
    environment("prod", dev, server.user(), "protected: true\n");
  }

  private void environment(String name, String database, String user, String more) {
    write(
        "runbooks/environments/" + name + ".yaml",
        "name: %s\n%sdatabase:\n  name: %s\n  host: 127.0.0.1\n  port: %d\n  user: %s\n"
            .formatted(name, more, database, server.port(), user));
  }

  private void write(String name, String text) {
    try {
      var file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> files() {
    try (var files = Files.list(folder.resolve("migrations"))) {
      return files.map(it -> it.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String text(String start) throws IOException {
    var name = files().stream().filter(it -> it.startsWith(start)).toList().getLast();
    return Files.readString(folder.resolve("migrations").resolve(name));
  }

  private Cli.Ended migrationNew(String... arguments) {
    var all = new java.util.ArrayList<>(List.of("migration", "new"));
    all.addAll(List.of(arguments));
    return new Cli(folder).run(all.toArray(String[]::new));
  }

  private void migrate(String database) throws InterruptedException {
    var connector =
        new Connector(
            "127.0.0.1", server.port(), server.user(), Optional.empty(), Optional.empty());
    try (var cluster = new PlainCluster(connector, () -> "test")) {
      new Migrator(cluster, MigrationSettings.in(folder))
          .applyAll(database, Migrations.read(folder.resolve("migrations")).orThrow());
    }
  }

  private static List<String> scratch() {
    return Databases.all().keySet().stream().filter(it -> it.contains("_scratch_")).toList();
  }

  @Test
  void by_hand_it_writes_two_files_with_a_header_after_the_newest_version() throws IOException {
    // given
    write("migrations/V209912312359__far.sql", "SELECT 1;");
    // when
    migrationNew("Größe\n; DROP für die Straße").exits(0);
    migrationNew("Größe\n; DROP für die Straße").exits(0);
    // then
    assertThat(files())
        .contains(
            "V210001010000__grosse_drop_fur_die_strasse.sql",
            "U210001010000__grosse_drop_fur_die_strasse.sql",
            "V210001010001__grosse_drop_fur_die_strasse.sql");
    assertThat(text("V210001010001").lines()).allMatch(it -> it.isEmpty() || it.startsWith("-- "));
    // and
    var refused = migrationNew(" … ").exits(2);
    assertThat(refused.err()).contains("no letter or digit for a file name");
  }

  @Test
  void what_it_writes_from_a_live_database_makes_that_database_out_of_the_migrations()
      throws Exception {
    // given
    migrate(dev);
    Databases.execute(
        dev,
        """
        ALTER TABLE users ADD email text NOT NULL DEFAULT 'a@b', DROP note, ADD remark text;
        CREATE INDEX users_email ON users (lower(email)) WHERE id > 5;
        CREATE VIEW mails AS SELECT email FROM users;
        CREATE TABLE alembic_version (version_num text PRIMARY KEY);
        CREATE TABLE django_migrations (id serial PRIMARY KEY, name text);
        CREATE TABLE "__EFMigrationsHistory" (id bigint GENERATED ALWAYS AS IDENTITY);
        """);
    // when
    var refused = migrationNew("Mail", "--from", "dev").exits(3);
    // then
    assertThat(refused.err())
        .contains("dangerous: column public.users.note is dropped, with its values")
        .contains("ALTER TABLE public.users RENAME COLUMN note TO remark")
        .contains("--confirm-dangerous")
        .doesNotContainIgnoringCase("slf4j");
    assertThat(files()).hasSize(2);
    // when
    var written = migrationNew("Mail", "--from", "dev", "--confirm-dangerous").exits(0);
    // then
    assertThat(written.err()).isEmpty();
    assertThat(written.out()).contains("__mail.sql").contains("run stamp --env dev --set target=2");
    assertThat(text("V2"))
        .contains("-- DANGEROUS: column public.users.note is dropped")
        .contains("Tried on a copy, forward, back and forward again: no difference was left")
        .contains("CREATE VIEW public.mails")
        .doesNotContain("alembic", "django", "EFMigrations");
    // and
    var copy = server.createDatabase("livecopy");
    environment("copy", copy, server.user(), "");
    migrate(copy);
    assertThat(migrationNew("Again", "--from", "copy").exits(0).out()).contains("no difference");
    // and
    var name = files().stream().filter(it -> it.startsWith("U2")).toList().getLast();
    Databases.execute(
        copy,
        Files.readString(folder.resolve("migrations").resolve(name))
            + "; DELETE FROM flyway_schema_history WHERE script LIKE '%mail%'");
    assertThat(migrationNew("Again", "--from", "copy").exits(3).err())
        .contains("copy lacks 1 migration(s)")
        .contains("run migrate --env copy");
    assertThat(scratch()).isEmpty();
  }

  @Test
  void what_it_cannot_cover_is_named_and_is_no_success() throws Exception {
    // given
    migrate(dev);
    Databases.execute(dev, "ALTER TABLE users REPLICA IDENTITY FULL");
    // when
    var ended = migrationNew("Replica", "--from", "dev").exits(1);
    // then
    assertThat(ended.err())
        .contains("not covered by this migration:")
        .contains("public.users replica identity f");
    assertThat(files()).hasSize(2);
  }

  @Test
  void a_schema_file_is_compared_and_psql_commands_in_it_are_refused() {
    // given
    write("schema.sql", USERS + "\nCREATE TABLE tags (name text PRIMARY KEY);\n");
    write("evil.sql", USERS + "\n\\! touch pwned\n");
    write("broken.sql", "CREATE TABLE x (y nosuchtype);");
    // when
    var written = migrationNew("Tags", "--from", "schema.sql").exits(0);
    // then
    assertThat(written.out()).contains("CREATE TABLE public.tags").contains("run migrate");
    // and what pg_dump began has to have its end
    write("cut.sql", "--\n-- PostgreSQL database dump\n--\n\n" + USERS + "\n");
    assertThat(migrationNew("Tags", "--from", "cut.sql").exits(2).err()).contains("cut.sql");
    // and what pg_dump writes begins with a command of psql
    write(
        "dumped.sql",
        "--\n-- PostgreSQL database dump\n--\n\n\\restrict Abc\n\nSET lock_timeout = 0;\n"
            + USERS
            + "\nCREATE TABLE tags (name text PRIMARY KEY);\n\n"
            + "--\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict Abc\n\n");
    assertThat(migrationNew("Tags", "--from", "dumped.sql").exits(0).out())
        .contains("no difference");
    // and what is empty would drop everything
    write("empty.sql", "-- nothing yet\n");
    assertThat(migrationNew("Tags", "--from", "empty.sql").exits(2).err())
        .contains("empty.sql holds no statement");
    assertThat(migrationNew("Tags", "--from", "none.sql").exits(2).err())
        .contains("cannot read none.sql: there is no such file");
    // and
    migrationNew("Tags", "--from", "evil.sql").exits(2);
    assertThat(folder.resolve("pwned")).doesNotExist();
    assertThat(migrationNew("Tags", "--from", "broken.sql").exits(2).err()).contains("nosuchtype");
    assertThat(scratch()).isEmpty();
  }

  @Test
  void who_may_not_or_should_not_is_refused_before_anything_is_made() throws SQLException {
    // given
    Databases.execute("postgres", "DROP ROLE IF EXISTS plain; CREATE ROLE plain LOGIN");
    environment("plain", dev, "plain", "");
    // when, then
    assertThat(migrationNew("x", "--from", "prod").exits(3).err()).contains("is protected");
    assertThat(migrationNew("x", "--from", "plain").exits(3).err()).contains("CREATEDB");
    assertThat(migrationNew("x", "--from", "dve").exits(2).err()).contains("did you mean 'dev'");
    assertThat(files()).hasSize(2);
  }

  @Test
  void an_interrupted_run_leaves_no_scratch_database_and_a_killed_one_is_cleaned_up_after()
      throws Exception {
    // given
    migrate(dev);
    Databases.execute(dev, "CREATE TABLE more (id int)");
    // when
    var interrupted = new Cli(folder).start("migration", "new", "More", "--from", "dev");
    interrupted.until("a scratch database", () -> !scratch().isEmpty());
    // then
    interrupted.signal("INT").end().exits(130);
    assertThat(scratch()).isEmpty();
    // when
    var killed = new Cli(folder).start("migration", "new", "More", "--from", "dev");
    killed.until("a scratch database", () -> !scratch().isEmpty());
    killed.kill();
    var limits = "SELECT datconnlimit > 1000000000 FROM pg_database WHERE datname ~ '_scratch_'";
    assertThat(Databases.column("postgres", limits)).isNotEmpty().containsOnly("t");
    Databases.execute(
        "postgres",
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            + " WHERE application_name LIKE 'pgrunbook/scratch-%'");
    // then
    assertThat(migrationNew("More", "--from", "dev").exits(0).err())
        .contains("which a run that was killed had left");
    assertThat(scratch()).isEmpty();
  }

  @Test
  void a_database_that_only_has_the_name_of_a_scratch_database_is_left_alone() throws Exception {
    // given
    migrate(dev);
    var mine = dev + "_scratch_20240101_1";
    var neighbours = dev.substring(0, 4) + "_scratch_20240102_0";
    Databases.execute("postgres", "CREATE DATABASE " + mine);
    Databases.execute("postgres", "CREATE DATABASE " + neighbours);
    try {
      // when
      var ended = migrationNew("Nothing", "--from", "dev").exits(0);
      // then
      assertThat(ended.err())
          .contains(mine + " is named as a scratch database, but not marked as one; left alone")
          .doesNotContain(neighbours);
      assertThat(scratch()).containsExactlyInAnyOrder(mine, neighbours);
    } finally {
      Databases.execute("postgres", "DROP DATABASE IF EXISTS " + mine);
      Databases.execute("postgres", "DROP DATABASE IF EXISTS " + neighbours);
    }
  }

  @Test
  void a_live_database_whose_history_does_not_fit_the_files_is_refused() throws Exception {
    // given
    migrate(dev);
    write("migrations/V202501010000__late.sql", "CREATE TABLE late (id int);");
    // when, then
    assertThat(migrationNew("x", "--from", "dev").exits(3).err())
        .contains("V202501010000__late.sql: it was never applied");
    // and
    Files.delete(folder.resolve("migrations/V202501010000__late.sql"));
    write("migrations/V202601010000__users.sql", USERS + "CREATE TABLE changed (id int);");
    assertThat(migrationNew("x", "--from", "dev").exits(3).err())
        .contains("it was changed after it was applied");
    assertThat(files()).hasSize(2);
  }
}
