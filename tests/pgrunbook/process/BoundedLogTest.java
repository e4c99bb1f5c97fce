package pgrunbook.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.text.Masking;
import pgrunbook.text.Secret;

class BoundedLogTest {
  private static final Masking MASKING = new Masking(List.of(new Secret("hunter22")));

  @TempDir Path folder;

  @Test
  void only_its_owner_can_read_it_and_secrets_are_masked_also_when_they_come_in_two_parts()
      throws Exception {
    // given
    var file = folder.resolve("step.log");
    // when
    try (var log = new BoundedLog(file, MASKING)) {
      log.line("password=hunter22");
      log.fragment("again hun");
      log.fragment("ter22 and\nthe last");
    }
    // then
    assertThat(Files.readAllLines(file).stream().map(line -> line.split(" ", 2)[1]))
        .containsExactly("password=***", "again *** and", "the last");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void it_keeps_its_beginning_and_its_end_and_says_what_is_missing() throws Exception {
    // given
    var file = folder.resolve("step.log");
    // when
    try (var log = new BoundedLog(file, MASKING, 2_000)) {
      for (var i = 0; i < 10_000; i++) {
        log.line("line " + i);
      }
    }
    // then
    var lines = Files.readAllLines(file);
    assertThat(Files.size(file)).isLessThan(2_100);
    assertThat(lines.getFirst()).endsWith(" line 0");
    assertThat(lines.getLast()).endsWith(" line 9999");
    assertThat(lines).filteredOn(line -> line.matches("… \\d+ lines left out …")).hasSize(1);
  }

  @Test
  void a_log_is_continued_where_it_exists() throws Exception {
    var file = folder.resolve("step.log");
    for (var attempt : List.of("first", "second")) {
      try (var log = new BoundedLog(file, MASKING)) {
        log.line(attempt);
      }
    }
    assertThat(Files.readAllLines(file)).hasSize(2);
  }

  @Test
  void the_end_of_a_line_that_was_cut_is_not_trusted() throws Exception {
    var file = folder.resolve("step.log");
    try (var log = new BoundedLog(file, MASKING)) {
      log.fragment("x".repeat(LineSplitter.LONGEST - 4) + "hunter22\n");
    }
    assertThat(Files.readString(file)).doesNotContain("hunt").contains(LineSplitter.CUT);
  }

  @Test
  void a_log_that_cannot_be_written_stops_nobody() {
    var log = new BoundedLog(folder.resolve("missing/step.log"), MASKING);
    log.line("a");
    log.close();
    assertThat(log.failure()).isPresent();
  }
}
