package pgrunbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.action.Registry;
import pgrunbook.actions.Actions;
import pgrunbook.testing.Databases;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.SampleBackups;
import pgrunbook.testing.SampleBackups.Format;
import pgrunbook.testing.TestProject;

/** What the repository's runbooks say to a role that may not do what they are for. */
@Tag("fault")
class RoleWithoutRightsTest {
  @TempDir Path folder;
  private TestProject project;
  private String role;

  @BeforeEach
  void makeProject() throws IOException {
    project = TestProject.in(folder).with(Format.CUSTOM);
    role = project.database() + "_nobody";
    Databases.execute("postgres", "CREATE ROLE " + role + " LOGIN");
    project.edited(".env", "POSTGRES_USER=shop_operator", "POSTGRES_USER=" + role);
    for (var name :
        List.of(
            "backup-prod",
            "backup-dev",
            "restore-dev",
            "refresh-dev",
            "migrate",
            "migrate-prod",
            "undo-migration",
            "stamp",
            "unlock")) {
      project.runbook(name, Files.readString(Path.of("runbooks", name + ".yaml")));
    }
    Files.createDirectories(folder.resolve("migrations"));
    project.write("migrations/V1__later.sql", "CREATE TABLE later (id int);\n");
    project.write("migrations/U1__later.sql", "DROP TABLE later;\n");
  }

  @AfterEach
  void dropDatabases() {
    project.dropDatabases();
    Databases.execute("postgres", "DROP OWNED BY " + role + "; DROP ROLE " + role);
  }

  /** What the plan says, made in this process; the exit code stands in front. */
  private String plan(String runbook, String... more) {
    var bytes = new ByteArrayOutputStream();
    var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    var signals = Signals.listen();
    signals.ended();
    var context =
        new Context(
            new Registry(Actions.all()), out, out, false, signals, UnaryOperator.identity());
    var line = new ArrayList<>(List.of("plan", runbook, "-C", folder.toString(), "--env", "prod"));
    line.addAll(List.of(more));
    var exit = new Main(context).execute(line.toArray(String[]::new));
    return exit + "\n" + bytes.toString(StandardCharsets.UTF_8);
  }

  private void grant(String sql) {
    Databases.execute(project.database(), sql.replace("{db}", project.database()) + " TO " + role);
  }

  @Test
  void every_runbook_is_refused_in_the_plan_with_what_to_grant() throws SQLException {
    // when nobody may even connect
    assertThat(plan("backup-prod")).startsWith("3").contains("permission denied for database");
    // and when that is granted
    grant("GRANT CONNECT ON DATABASE {db}");
    // then
    assertThat(plan("backup-prod"))
        .startsWith("3")
        .contains("role " + role + " may not read", "GRANT … TO \"" + role + "\"");
    assertThat(plan("restore-prod"))
        .startsWith("3")
        .contains("may not create or rename databases", "CREATEDB", "is neither the owner");
    var history = "role " + role + " may not write the history of migrations";
    assertThat(plan("migrate")).startsWith("3").contains(history);
    assertThat(plan("stamp", "--set", "target=1")).startsWith("3").contains(history);
    assertThat(plan("migrate-prod")).startsWith("3").contains(history, "may not read");
    assertThat(plan("backup-dev")).startsWith("3").contains("may not read");
    for (var replaces : List.of("restore-dev", "refresh-dev")) {
      assertThat(plan(replaces))
          .startsWith("3")
          .contains("may not create or rename databases", "is neither the owner");
    }
    assertThat(plan("undo-migration")).startsWith("3").contains(history, "may not read");
    try (var other = PostgresServer.shared().connect("postgres");
        var statement = other.createStatement();
        var row = statement.executeQuery("SELECT pg_backend_pid()")) {
      row.next();
      assertThat(plan("unlock", "--set", "pid=" + row.getInt(1)))
          .startsWith("3")
          .contains("may not end the session", "superuser");
    }
    assertThat(project.services().calls()).isEmpty();
  }

  @Test
  void an_owner_that_may_create_databases_gets_through() {
    // given
    Databases.execute("postgres", "ALTER ROLE " + role + " CREATEDB");
    grant("GRANT " + SampleBackups.OWNER);
    grant("GRANT CONNECT ON DATABASE {db}");
    // when
    var plan = plan("restore-prod");
    // then what it is no owner of is named
    assertThat(plan)
        .startsWith("3")
        .contains("may not read public.empty", "GRANT pg_read_all_data TO \"" + role + "\"")
        .contains("may not give the new database the setting statement_timeout")
        .contains("may not make postgres the owner of what it restores");
    // and when
    grant("GRANT pg_read_all_data");
    Databases.execute(
        "postgres",
        "ALTER ROLE shop_reader IN DATABASE " + project.database() + " RESET statement_timeout");
    project.edited(
        "      backup: ${steps.check-backup.file}\n",
        "      backup: ${steps.check-backup.file}\n      owner: false\n");
    project.edited(
        "      backup: ${params.backup}\n", "      backup: ${params.backup}\n      owner: false\n");
    project.restore().end().exits(0);
    // then
    assertThat(Databases.column(project.database(), "SELECT count(*) FROM orders"))
        .containsExactly("1500");
  }
}
