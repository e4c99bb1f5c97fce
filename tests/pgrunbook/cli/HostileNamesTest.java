package pgrunbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.postgres.Identifiers;
import pgrunbook.testing.Cli;
import pgrunbook.testing.Databases;
import pgrunbook.testing.Folders;
import pgrunbook.testing.SampleBackups;
import pgrunbook.testing.SampleBackups.Format;
import pgrunbook.testing.TestProject;

/** A name is used as it is, or refused with its place; nothing ever takes it for anything else. */
@Tag("hostile")
class HostileNamesTest {
  private static final String PROD = "runbooks/environments/prod.yaml";
  private static final String FOUR_BYTES = "\ud83d\udc18"; // an elephant
  private static final String ESCAPES = "\u001b[31m\u202e\r";

  @TempDir Path folder;
  private TestProject project;

  @BeforeEach
  void makeProject() {
    project = TestProject.in(folder);
  }

  @AfterEach
  void dropDatabases() {
    project.dropDatabases();
  }

  private static String yaml(String name) {
    return "'" + name.replace("'", "''") + "'";
  }

  private Cli.Ended named(String database, String... arguments) {
    project.edited(PROD, "name: ${env.POSTGRES_DB}", "name: " + yaml(database));
    return project.run(arguments);
  }

  /** Everything that a run does with a name: connects, dumps, renames, restores, compares. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "x\"; DROP DATABASE y; --",
        "-f dbname=postgres host=127.0.0.9",
        "it's %s \\100% $HOME `id`",
        "63 bytes",
      })
  void a_database_and_what_is_in_it_are_backed_up_and_restored_under_any_name(String name)
      throws Exception {
    // given
    var database = name.equals("63 bytes") ? FOUR_BYTES.repeat(15) + "uvw" : name;
    var quoted = Identifiers.quote(database);
    var table = Identifiers.quote("Select \"; DROP TABLE t; --\n\\. %s 'q' " + ESCAPES);
    var owner = Identifiers.quote(project.database() + " \"; -- '");
    Databases.execute("postgres", "CREATE ROLE " + owner);
    Databases.execute(
        "postgres", "CREATE DATABASE " + quoted + " TEMPLATE " + SampleBackups.shared().database());
    try {
      Databases.execute(
          database,
          "CREATE SCHEMA %s AUTHORIZATION %s; CREATE TABLE %s.%s AS SELECT 1 AS %s"
              .formatted(table, owner, table, table, table));
      var fingerprint = Databases.fingerprint(database);
      project.runbook("backup-prod", Files.readString(Path.of("runbooks/backup-prod.yaml")));
      // when
      named(database, "run", "backup-prod").exits(0);
      Databases.execute(database, "DROP SCHEMA " + table + " CASCADE");
      var restored = project.run("run", "restore-prod", "--confirm", database).exits(0);
      // then
      assertThat(Databases.fingerprint(database)).isEqualTo(fingerprint);
      assertThat(restored.said()).doesNotContain("\u001b", "\u202e", "\r");
      assertThat(folder.resolve("backups").toFile().list())
          .allMatch(file -> file.matches("[A-Za-z0-9_][A-Za-z0-9_.-]*"));
    } finally {
      for (var each : Databases.all().keySet()) {
        if (each.startsWith(database.substring(0, 10))) { // those that were set aside are cut
          Databases.execute("postgres", "DROP DATABASE " + Identifiers.quote(each));
        }
      }
      Databases.execute("postgres", "DROP ROLE " + owner);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a\\nb", "a\\e[31mb", "a\\0b", "64 bytes"})
  void a_name_that_no_database_should_have_is_refused_with_its_place(String written) {
    // given
    var name = written.equals("64 bytes") ? FOUR_BYTES.repeat(16) : written;
    project.edited(PROD, "name: ${env.POSTGRES_DB}", "name: \"" + name + "\"");
    // when
    var refused = project.run("plan", "restore-prod").exits(2);
    // then
    assertThat(refused.err()).contains(PROD + ":").doesNotContain("\u001b", "pgrunbook itself");
  }

  @Test
  void what_is_written_never_reaches_a_terminal_as_an_escape() throws IOException {
    // given
    project.runbook(
        "loud",
        """
        name: loud
        description: shouts
        environment: prod
        params:
          word: {description: "a \\e[31m word"}
        steps:
          - id: say
            name: "red \\e[31m and \\u202ebackwards"
            action: exec
            with:
              argv: [sh, -c, "printf '\\\\033[31m%s\\\\r' \\"$1\\" >&2; exit 1", x, "${params.word}"]
        """);
    // when
    var ended = project.run("run", "loud", "--set", "word=" + ESCAPES).exits(1);
    var all =
        ended.said() + project.run("status").said() + project.run("show", project.runId()).said();
    // then
    assertThat(all)
        .contains("\\u001b[31m", "\\u202e", "\\u000d")
        .doesNotContain("\u001b", "\u202e", "\r");
  }

  /** Nobody may wait for a pipe, read a device to its end, or leave the folder by a link. */
  @Test
  @Timeout(value = 300, unit = TimeUnit.SECONDS)
  void what_is_no_file_is_refused_wherever_a_file_is_named() throws Exception {
    // given
    var fifo = folder.resolve("fifo");
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    Files.createDirectory(folder.resolve("migrations"));
    for (var at : new String[] {"runbooks/pipe.yaml", "backups/pipe.sql", "migrations/V1__p.sql"}) {
      Files.createSymbolicLink(folder.resolve(at), fifo);
    }
    sql("zero", "/dev/zero");
    sql("named", "fifo");
    project.runbook(
        "migrates",
        "name: migrates\nenvironment: prod\nsteps:\n  - id: m\n    action: flyway.validate\n");
    // then
    refused(2, "a pipe or a device", "run", "runbooks/pipe.yaml");
    refused(3, "a pipe or a device", "plan", "zero");
    refused(3, "a pipe or a device", "plan", "named");
    refused(3, "a pipe or a device", "plan", "migrates");
    refused(3, "out of its folder", "plan", "restore-prod", "--backup", "pipe.sql");
    refused(3, "neither a file nor a folder", "plan", "restore-prod", "--backup", "/dev/zero");
    project.with(Format.CUSTOM);
    refused(3, "a pipe or a device", "run", "restore-prod", "--plan", "/dev/zero");
    Files.delete(folder.resolve(".env"));
    Files.createSymbolicLink(folder.resolve(".env"), fifo);
    refused(2, ".env: cannot be read: a pipe or a device", "plan", "restore-prod");
  }

  private void sql(String runbook, String file) {
    project.runbook(
        runbook,
        """
        name: %s
        environment: prod
        steps:
          - id: sql
            action: sql
            with:
              file: %s
              no_way_back: it is a test
        """
            .formatted(runbook, file));
  }

  private void refused(int exit, String why, String... arguments) {
    var said = WrongTargetTest.say(folder, arguments);
    assertThat(said.exit()).as(said.text()).isEqualTo(exit);
    assertThat(said.text()).contains(why).doesNotContain("pgrunbook itself");
  }

  @Test
  void a_path_in_the_place_of_a_name_finds_nothing_and_writes_nothing() throws IOException {
    // given
    project.with(Format.CUSTOM);
    var precious = project.write("precious.yaml", "name: precious\n");
    var files = Folders.content(folder, ".pgrunbook");
    // then
    refused(2, "there is no run '../../x'", "show", "../../x");
    refused(2, "there is no run '..'", "resume", "..");
    refused(2, "there is no run '/etc'", "rollback", "/etc");
    refused(2, "there is no run '../runs'", "abandon", "../runs", "--reason", "x");
    refused(2, "unknown runbook '../precious'", "run", "../precious");
    refused(2, "unknown environment '../precious'", "plan", "restore-prod", "--env", "../precious");
    refused(
        3, "no dump that pg_dump wrote", "plan", "restore-prod", "--backup", "../../etc/passwd");
    refused(3, "there is no backup '../no-such'", "plan", "restore-prod", "--backup", "../no-such");
    refused(3, "the backup's name is empty", "plan", "restore-prod", "--backup", "");
    refused(3, "is no plan that was saved", "plan", "restore-prod", "--out", precious.toString());
    refused(3, "is no plan that was saved", "plan", "restore-prod", "--out", "runbooks");
    assertThat(Folders.content(folder, ".pgrunbook")).isEqualTo(files);
    // and an earlier plan may be written over
    assertThat(WrongTargetTest.say(folder, "plan", "restore-prod", "--out", "p.json").exit())
        .isZero();
    assertThat(WrongTargetTest.say(folder, "plan", "restore-prod", "--out", "p.json").exit())
        .isZero();
  }

  @Test
  void backups_with_strange_names_are_found_and_restored() throws IOException {
    // given
    var name = "-rf \"; $(touch pwned) %s \n'ü'.dump";
    Folders.copy(SampleBackups.shared().backup(Format.CUSTOM), project.backups().resolve(name));
    // when
    project.restore("--backup=" + name).end().exits(0);
    // then
    assertThat(Databases.fingerprint(project.database()))
        .isEqualTo(SampleBackups.shared().fingerprint());
    assertThat(folder.resolve("pwned")).doesNotExist();
  }

  @Test
  void a_maintenance_flag_that_is_a_folder_or_a_link_loses_nothing() throws IOException {
    // given
    project.runbook(
        "flag",
        "name: flag\nenvironment: prod\nsteps:\n  - id: off\n    action: maintenance.off\n");
    var flag = folder.resolve("maintenance.flag");
    Files.createDirectory(flag);
    // then
    refused(3, "maintenance.flag is a folder", "run", "flag");
    assertThat(flag).isDirectory();
    // and when it is a link, only the link goes
    Files.delete(flag);
    var precious = project.write("precious", "x");
    Files.createSymbolicLink(flag, precious);
    assertThat(WrongTargetTest.say(folder, "run", "flag").exit()).isZero();
    assertThat(flag).doesNotExist();
    assertThat(precious).hasContent("x");
  }

  @Test
  void a_locale_in_which_names_would_be_garbled_is_refused_at_once() {
    // when
    var refused = project.cli().with("LC_ALL", "C").run("plan", "restore-prod").exits(2);
    // then
    assertThat(refused.err())
        .contains("under this locale no file can be named", "hint: set LC_ALL=C.UTF-8")
        .doesNotContain("Exception");
  }
}
