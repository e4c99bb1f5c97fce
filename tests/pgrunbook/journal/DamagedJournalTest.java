package pgrunbook.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.testing.Runs;

/** A journal says what was written or nothing: every place where it can be damaged is tried. */
@Tag("hostile")
class DamagedJournalTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-15T12:00:00Z"), ZoneOffset.UTC);

  private static final byte[] CHANGES = {1, ' ', (byte) 0xff};
  private static final byte[] PUT = {' ', '\n'};
  private static final int STEP = 5;

  @TempDir Path folder;
  private Path file;
  private byte[] good = {};
  private List<Entry> entries = List.of();

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("journal.jsonl");
    try (var journal = DiskJournal.open(file, CLOCK)) {
      journal.append("created", data -> data.put("version", 1).put("runbook", "é\"\\\n"));
      journal.append("started", data -> data.put("step", "a").put("action", "exec"));
      journal.append("finished", data -> data.put("step", "a"));
      journal.append("over", data -> data.put("status", "done"));
    }
    good = Files.readAllBytes(file);
    entries = Runs.entries(file);
  }

  private JournalFile read(byte[] bytes) throws IOException {
    Files.write(file, bytes);
    return JournalFile.read(file);
  }

  private void assertRefusedAtLine(int line, byte[] bytes) throws IOException {
    Files.write(file, bytes);
    assertThatThrownBy(() -> JournalFile.read(file))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("journal.jsonl:" + line + ": this line is not what was written here");
  }

  private static int line(byte[] bytes, int at) {
    var line = 1;
    for (var i = 0; i < at; i++) {
      line += bytes[i] == '\n' ? 1 : 0;
    }
    return line;
  }

  @Test
  void a_byte_that_was_changed_is_noticed_and_its_line_is_named(TestReporter reporter)
      throws IOException {
    for (var at = 0; at < good.length - 1; at++) {
      for (var change : CHANGES) {
        var bytes = good.clone();
        bytes[at] ^= change;
        assertRefusedAtLine(line(good, at), bytes);
      }
    }
    reporter.publishEntry("inputs", Integer.toString((good.length - 1) * CHANGES.length));
  }

  @Test
  void a_cut_leaves_what_was_written_before_it_and_says_what_is_torn(TestReporter reporter)
      throws IOException {
    for (var length = 0; length <= good.length; length++) {
      var read = read(Arrays.copyOf(good, length));
      assertThat(Runs.entries(file)).isEqualTo(entries.subList(0, line(good, length) - 1));
      assertThat(read.wholeBytes() + read.torn()).isEqualTo(length);
    }
    reporter.publishEntry("inputs", Integer.toString(good.length + 1));
  }

  @Test
  void a_torn_line_is_set_aside_wherever_it_was_cut(TestReporter reporter) throws IOException {
    for (var length = 1; length < good.length; length += STEP) {
      var cut = Arrays.copyOf(good, length);
      var before = read(cut);
      var then = Runs.entries(file);
      DiskJournal.open(file, CLOCK).close();
      var after = Runs.entries(file);
      assertThat(after.subList(0, then.size())).isEqualTo(then);
      if (before.torn() > 0) {
        assertThat(after.getLast().event()).isEqualTo("torn_line");
        var aside = folder.resolve("journal.jsonl.torn-" + before.wholeBytes());
        assertThat(aside)
            .hasBinaryContent(Arrays.copyOfRange(cut, (int) before.wholeBytes(), length));
      }
    }
    reporter.publishEntry("inputs", Integer.toString(good.length / STEP));
  }

  @Test
  void a_byte_that_was_put_in_or_taken_out_is_noticed(TestReporter reporter) throws IOException {
    for (var at = 0; at < good.length - 1; at++) {
      for (var put : PUT) {
        var longer = Arrays.copyOf(good, good.length + 1);
        System.arraycopy(good, at, longer, at + 1, good.length - at);
        longer[at] = put;
        var behind = put == '\n' && good[at] == '\n' ? 1 : 0; // an empty line of its own
        assertRefusedAtLine(line(good, at) + behind, longer);
      }
      var shorter = Arrays.copyOf(good, good.length - 1);
      System.arraycopy(good, at + 1, shorter, at, shorter.length - at);
      assertRefusedAtLine(line(good, at), shorter);
    }
    reporter.publishEntry("inputs", Integer.toString((good.length - 1) * (PUT.length + 1)));
  }

  @Test
  void lines_that_were_taken_out_doubled_or_exchanged_are_noticed(TestReporter reporter)
      throws IOException {
    var lines = Arrays.asList(new String(good, StandardCharsets.UTF_8).split("\n"));
    var tried = 0;
    for (var i = 0; i < lines.size(); i++) {
      for (var j = 0; j < lines.size(); j++) {
        if (i != j) {
          var exchanged = new ArrayList<>(lines);
          Collections.swap(exchanged, i, j);
          assertRefusedAtLine(Math.min(i, j) + 1, joined(exchanged));
        }
        var doubled = new ArrayList<>(lines);
        doubled.add(j, lines.get(i));
        assertRefusedAtLine(j == i ? i + 2 : j + 1, joined(doubled));
        tried += 2;
      }
      if (i + 1 < lines.size()) {
        var without = new ArrayList<>(lines);
        without.remove(i);
        assertRefusedAtLine(i + 1, joined(without));
      }
    }
    reporter.publishEntry("inputs", Integer.toString(tried));
  }

  private static byte[] joined(List<String> lines) {
    return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
