package pgrunbook.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.testing.Runs;

class DiskJournalTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-15T12:00:00Z"), ZoneOffset.UTC);

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("journal.jsonl");
  }

  private void append(String... events) {
    try (var journal = DiskJournal.open(file, CLOCK)) {
      for (var event : events) {
        journal.append(event, data -> data.put("version", 1));
      }
    }
  }

  @Test
  void what_was_appended_is_read_back_across_processes() {
    // given
    append("created");
    append("started", "finished");
    // when
    var entries = new ArrayList<Entry>();
    var read = JournalFile.read(file, entries::add);
    // then
    assertThat(entries).extracting(Entry::event).containsExactly("created", "started", "finished");
    assertThat(read.count()).isEqualTo(3);
    assertThat(entries).extracting(Entry::number).containsExactly(1L, 2L, 3L);
    assertThat(read.torn()).isZero();
  }

  @Test
  void only_its_owner_can_read_it() throws IOException {
    append("created");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void an_unfinished_last_line_is_set_aside_and_said() throws IOException {
    // given
    append("created");
    Files.writeString(file, "{\"n\":2,\"at\":\"20", StandardOpenOption.APPEND);
    assertThat(JournalFile.read(file).torn()).isEqualTo(15);
    // when
    append("started");
    // then
    assertThat(Runs.entries(file))
        .extracting(Entry::event)
        .containsExactly("created", "torn_line", "started");
    try (var files = Files.list(folder)) {
      assertThat(files.filter(it -> it.toString().contains(".torn-")))
          .singleElement()
          .satisfies(it -> assertThat(it).hasContent("{\"n\":2,\"at\":\"20"));
    }
  }

  @Test
  void an_edited_line_is_refused_with_its_number() throws IOException {
    // given
    append("created", "started", "finished");
    var text = Files.readString(file, StandardCharsets.UTF_8);
    Files.writeString(file, text.replace("\"started\"", "\"skipped\""));
    // when, then
    assertThatThrownBy(() -> JournalFile.read(file))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("journal.jsonl:2:");
  }

  @Test
  void a_line_that_was_taken_out_is_noticed() throws IOException {
    // given
    append("created", "started", "finished");
    var lines = Files.readAllLines(file);
    lines.remove(1);
    Files.writeString(file, String.join("\n", lines) + "\n");
    // when, then
    assertThatThrownBy(() -> JournalFile.read(file)).isInstanceOf(JournalException.class);
  }

  @Test
  void a_journal_of_a_newer_version_is_refused() {
    // given
    try (var journal = DiskJournal.open(file, CLOCK)) {
      journal.append("created", data -> data.put("version", JournalFile.VERSION + 1));
    }
    // when, then
    assertThatThrownBy(() -> JournalFile.read(file))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("newer pgrunbook");
  }

  @Test
  void an_interrupted_thread_can_still_append() {
    // given
    try (var journal = DiskJournal.open(file, CLOCK)) {
      journal.append("created", data -> data.put("version", 1));
      Thread.currentThread().interrupt();
      // when
      journal.append("interrupted", data -> data.put("step", "restore"));
      // then
      assertThat(Thread.interrupted()).isTrue();
      journal.append("session", data -> data.put("command", "resume"));
    }
    assertThat(Runs.entries(file)).hasSize(3);
  }
}
