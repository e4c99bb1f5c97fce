package pgrunbook.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.journal.DiskJournal;
import pgrunbook.journal.Event;
import pgrunbook.journal.JournalException;
import pgrunbook.journal.JournalFile;
import pgrunbook.testing.Runs;
import pgrunbook.testing.TestProject;

/** What becomes of a run whose journal, or whose runbook, is not as it was left. */
@Tag("fault")
class JournalTest {
  private static final String RUNBOOK =
      """
      name: two
      environment: prod
      steps:
        - id: maintenance-on
          action: maintenance.on
        - id: fails
          action: exec
          with:
            argv: [test, -e, go]
        - id: maintenance-off
          action: maintenance.off
      """;

  @TempDir Path folder;
  private TestProject project;

  @BeforeEach
  void makeFailedRun() {
    project = TestProject.in(folder).runbook("two", RUNBOOK);
    project.run("run", "two").exits(1);
    project.write("go", "");
  }

  @AfterEach
  void dropDatabases() {
    project.dropDatabases();
  }

  @Test
  void an_unfinished_last_line_is_set_aside_and_said() throws IOException {
    // given
    Files.writeString(project.journalFile(), "{\"n\":9,\"at\":\"2026-", StandardOpenOption.APPEND);
    // when
    var status = project.run("status");
    var resumed = project.run("resume");
    // then
    assertThat(status.exits(0).out()).contains("last line is unfinished");
    resumed.exits(0);
    assertThat(project.journal()).anyMatch(entry -> entry.event().equals("torn_line"));
    try (var files = Files.list(project.runFolder())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .anyMatch(name -> name.startsWith("journal.jsonl.torn-"));
    }
    assertThat(project.inMaintenance()).isFalse();
  }

  @Test
  void an_edited_line_is_refused_and_named() throws IOException {
    // given
    var lines = new ArrayList<>(Files.readAllLines(project.journalFile()));
    lines.set(3, lines.get(3).replace("finished", "failed"));
    Files.write(project.journalFile(), lines);
    // when
    var resumed = project.run("resume", project.runId());
    var status = project.run("status");
    // then
    resumed.exits(4);
    assertThat(resumed.err()).contains("journal.jsonl:4: ", "hint:", "abandon");
    assertThat(status.exit()).isEqualTo(4);
    assertThat(project.inMaintenance()).isTrue();
  }

  @Test
  void a_line_that_is_missing_in_the_middle_is_noticed() throws IOException {
    // given
    var lines = new ArrayList<>(Files.readAllLines(project.journalFile()));
    lines.remove(2);
    Files.write(project.journalFile(), lines);
    // when / then
    assertThatThrownBy(() -> JournalFile.read(project.journalFile()))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("journal.jsonl:3: ");
  }

  @Test
  void the_journal_of_a_newer_version_is_refused() throws IOException {
    // given
    var file = project.journalFile();
    Files.delete(file);
    try (var journal = DiskJournal.open(file, Clock.systemUTC())) {
      journal.append(Event.CREATED, data -> data.put("version", JournalFile.VERSION + 1));
    }
    // when
    var ended = project.run("resume", project.runId());
    // then
    ended.exits(4);
    assertThat(ended.err()).contains("newer pgrunbook", "hint:");
  }

  @Test
  void a_run_goes_on_with_its_own_copy_of_a_runbook_that_was_changed() {
    // given
    project.edited("runbooks/two.yaml", "argv: [test, -e, go]", "argv: [\"false\"]");
    // when
    var ended = project.run("resume");
    // then
    ended.exits(0);
    assertThat(ended.err()).contains("note: two.yaml was changed", "its own copy");
  }

  @Test
  void what_is_owed_is_told_until_it_is_given_back() {
    // when
    var status = project.run("status");
    var show = project.run("show", project.runId(), "--journal");
    // then
    assertThat(status.exits(0).out()).contains("owed: maintenance", "fails", "what now:");
    assertThat(show.exits(0).out()).contains("started", "finished", "failed");
    project.run("resume").exits(0);
    assertThat(project.run("status").exits(0).out()).contains("nothing is owed");
  }

  @Test
  void every_line_is_chained_to_the_one_before() {
    // given
    var file = folder.resolve("journal.jsonl");
    try (var journal = DiskJournal.open(file, Clock.systemUTC())) {
      Map.of("a", 1).forEach((name, value) -> journal.append(name, data -> data.put("v", value)));
      journal.append("b", data -> data.put("text", "a line\nwith \"quotes\""));
    }
    // when
    try (var journal = DiskJournal.open(file, Clock.systemUTC())) {
      journal.append("c", data -> data.put("v", 3));
    }
    // then
    var entries = Runs.entries(file);
    assertThat(entries).extracting(entry -> entry.event()).containsExactly("a", "b", "c");
    assertThat(entries).extracting(entry -> entry.number()).containsExactly(1L, 2L, 3L);
    assertThat(JournalFile.read(file).torn()).isZero();
  }
}
