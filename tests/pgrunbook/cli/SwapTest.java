package pgrunbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.backup.Verdict;
import pgrunbook.testing.Cli;
import pgrunbook.testing.Databases;
import pgrunbook.testing.SampleBackups.Format;
import pgrunbook.testing.TestProject;

/** restore-prod-swap: production works on while its successor is restored beside it. */
class SwapTest {
  @TempDir Path folder;
  private TestProject project;
  private TestProject.State before;
  private long oid;

  @BeforeEach
  void makeProject() throws IOException {
    project = TestProject.in(folder).with(Format.CUSTOM);
    project.runbook(
        "restore-prod-swap", Files.readString(Path.of("runbooks/restore-prod-swap.yaml")));
    before = project.state();
    oid = before.databases().get(project.database()).oid();
  }

  @AfterEach
  void dropDatabases() {
    project.dropDatabases();
  }

  private Cli.Child swap(String... more) {
    var words = List.of("run", "restore-prod-swap", "--confirm", project.database());
    return project
        .cli()
        .start(Stream.concat(words.stream(), Stream.of(more)).toArray(String[]::new));
  }

  private void assertSwapped() {
    assertThat(project.verdict()).isInstanceOf(Verdict.Same.class);
    var after = Databases.of(project.database());
    assertThat(after).hasSize(2);
    var old = after.get(after.lastKey());
    assertThat(old.oid()).isEqualTo(oid);
    assertThat(old.open()).isFalse();
    assertThat(after.get(project.database()).properties())
        .isEqualTo(before.databases().get(project.database()).properties());
    assertThat(project.services().isUp("backend")).isTrue();
    assertThat(project.inMaintenance()).isFalse();
    assertThat(project.sessions()).isEmpty();
  }

  @Test
  void a_plan_says_what_is_kept_what_is_lost_and_since_when() {
    // when
    var plan = project.run("plan", "restore-prod-swap").exits(0).out();
    // then
    assertThat(plan)
        .contains("changes since", "will be lost", "publish")
        .contains("RENAME TO \"" + project.database() + "_old_‹run›\"");
    assertThat(project.state()).isEqualTo(before);
  }

  @Test
  void production_takes_writes_until_it_is_exchanged_and_the_old_one_has_them() {
    // given
    project.edited("runbooks/restore-prod-swap.yaml", "id: maintenance-on", "id: wait-here");
    project.edited(
        "runbooks/restore-prod-swap.yaml",
        "action: maintenance.on",
        "action: exec\n    with: {argv: [sh, -c, 'while ! test -e go; do sleep 0.1; done']}\n    #");
    project.edited("runbooks/restore-prod-swap.yaml", "    when: params.stop_backend\n", "");
    project.edited(
        "runbooks/restore-prod-swap.yaml",
        "  - id: maintenance-off\n    action: maintenance.off\n",
        "");
    var child = project.untilStarted(swap(), "wait-here", 0);
    // when everything is restored and verified
    assertThat(project.services().isUp("backend")).isTrue();
    Databases.execute(project.database(), "CREATE TABLE late AS SELECT 1 AS id");
    project.write("go", "");
    child.end().exits(0);
    // then
    assertSwapped();
    var old = Databases.of(project.database()).lastKey();
    Databases.execute("postgres", "ALTER DATABASE " + old + " ALLOW_CONNECTIONS true");
    assertThat(Databases.column(old, "SELECT id FROM late")).containsExactly("1");
  }

  @Test
  void what_is_finished_is_rolled_back_to_the_very_database_that_was_there() {
    // given
    swap("--set", "stop_backend=false").end().exits(0);
    assertSwapped();
    assertThat(project.services().calls()).isEmpty();
    Databases.execute(project.database(), "CREATE TABLE late AS SELECT 1 AS id");
    // when
    var undone = project.run("rollback", project.runId(), "--confirm", project.database()).exits(0);
    // then what was written meanwhile is kept
    var after = project.state();
    var kept = after.databases().keySet().stream().filter(it -> it.contains("_undone_")).toList();
    assertThat(kept).hasSize(1);
    assertThat(undone.out()).contains(kept.getFirst());
    after.databases().keySet().removeAll(kept);
    assertThat(after).isEqualTo(before);
  }

  @Test
  void the_old_one_is_dropped_by_its_name_when_nobody_needs_it() throws IOException {
    // given
    project.runbook("drop-old", Files.readString(Path.of("runbooks/drop-old.yaml")));
    swap().end().exits(0);
    var old = Databases.of(project.database()).lastKey();
    var words = List.of("run", "drop-old", "--confirm", project.database(), "--set", "reason=test");
    // when
    var wrong = project.run(with(words, "database=" + project.database())).exits(3);
    project.run(with(words, "database=" + old)).exits(0);
    // then
    assertThat(wrong.said()).contains("there is: " + old);
    assertThat(Databases.of(project.database())).containsOnlyKeys(project.database());
  }

  private static String[] with(List<String> words, String param) {
    return Stream.concat(words.stream(), Stream.of("--set", param)).toArray(String[]::new);
  }

  @Test
  void another_database_that_has_the_name_meanwhile_is_not_exchanged() {
    // given
    project.untilStarted(swap(), "verify", 0).kill();
    var name = project.database();
    Databases.execute("postgres", "ALTER DATABASE " + name + " RENAME TO " + name + "_mine");
    Databases.execute("postgres", "CREATE DATABASE " + name);
    var others = Databases.of(name);
    // when
    var refused = project.run("resume");
    // then
    assertThat(refused.exit()).isIn(1, 3);
    assertThat(refused.said()).contains("oid of " + name);
    assertThat(Databases.of(name)).isEqualTo(others);
  }
}
