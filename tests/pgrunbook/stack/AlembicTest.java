package pgrunbook.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import pgrunbook.testing.Folders;
import pgrunbook.testing.Runs;
import pgrunbook.testing.TestStack;
import pgrunbook.testing.WithDocker;

/** The example for a team that stays with Alembic, with a program of that name in the backend. */
@WithDocker
@Timeout(300)
class AlembicTest {
  private static final String RUNBOOK = "runbooks/examples/alembic-upgrade.yaml";

  /** Speaks as Alembic does, and changes the database by psql. */
  private static final String ALEMBIC =
      """
      #!/bin/sh
      sql() { psql -XAtq -v ON_ERROR_STOP=1 -c "$1"; }
      head=ae1027a6acf
      case "$1 $2" in
        heads*) echo "$head (head)" ;;
        current*)
          now=$(sql 'select version_num from alembic_version') || exit 1
          [ "$now" = "$head" ] && now="$now (head)"
          echo "$now" ;;
        'upgrade head')
          sql "alter table writes add column phone text; update alembic_version set version_num = '$head'" ;;
        *) sql 'alter table missing add column phone text' ;;
      esac
      """;

  private static TestStack stack;

  @BeforeAll
  static void a_stack_with_alembic() {
    stack = TestStack.prod().up();
    stack.write("log/alembic", ALEMBIC);
    stack
        .compose(
            "exec",
            "-T",
            "backend",
            "sh",
            "-c",
            "install -m 755 /log/alembic /usr/local/bin/alembic")
        .ok();
    stack.psql(
        "create table alembic_version (version_num varchar(32) not null);"
            + " insert into alembic_version values ('1975ea83b712')");
  }

  @AfterAll
  static void take_it_away() {
    stack.close();
  }

  private static List<String> safetyBackups() {
    return Folders.content(stack.backups()).keySet().stream()
        .filter(it -> it.endsWith("-pre-upgrade.dump"))
        .toList();
  }

  private static String columns() {
    return stack.psql(
        "select count(*) from information_schema.columns where column_name = 'phone'");
  }

  @Test
  void it_is_planned_stops_at_a_failing_revision_behind_a_backup_and_upgrades() {
    // when
    var plan = stack.run("run", RUNBOOK, "--dry-run").exits(0);
    // then
    assertThat(plan.out()).contains("exec -T backend alembic upgrade head");
    assertThat(safetyBackups()).isEmpty();
    // when
    var failed = stack.run("run", RUNBOOK, "--set", "revision=missing").exits(1);
    // then
    assertThat(failed.said())
        .contains("relation \"missing\" does not exist", "runbook resume", "runbook rollback");
    assertThat(safetyBackups()).hasSize(1);
    assertThat(columns()).isEqualTo("0");
    // when
    stack
        .run(
            "abandon", new Runs(stack.folder()).latest(), "--reason", "the revision does not exist")
        .exits(0);
    stack.run("run", RUNBOOK).exits(0);
    // then
    assertThat(columns()).isEqualTo("1");
    assertThat(safetyBackups()).hasSize(2);
    assertThat(stack.run("show", new Runs(stack.folder()).latest()).out())
        .contains("  before: {\"exit\":0,\"stdout\":\"1975ea83b712\"}\n")
        .contains("  after: {\"exit\":0,\"stdout\":\"ae1027a6acf (head)\"}\n");
  }
}
