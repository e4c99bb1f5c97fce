package pgrunbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.process.BoundedLog;
import pgrunbook.testing.TestProject;

/** Steps that print more than anybody keeps; the program has the launcher's heap of 96 MB. */
@Tag("fault")
class EndlessOutputTest {
  /** More takes longer: the mask reads all of it. */
  private static final long MEGABYTES = Long.getLong("pgrunbook.output.mb", 120);

  @TempDir Path folder;

  @Test
  void what_a_step_prints_is_cut_in_the_log_which_says_so() throws IOException {
    // given lines on one stream, a line without an end on the other, and bytes that are no text
    var project = TestProject.in(folder);
    try {
      project.runbook(
          "noisy",
          """
          name: noisy
          description: prints without an end
          environment: prod
          steps:
            - id: noise
              action: exec
              with:
                argv:
                  - sh
                  - -c
                  - "echo first; yes 'and a line of some length' | head -c %dM;\\
                    \\ head -c %dM /dev/zero | tr '\\\\0' x >&2; echo >&2;\\
                    \\ printf '\\\\377\\\\376\\\\000 bytes\\\\n'; sleep 1; echo last"
          """
              .formatted(MEGABYTES / 2, MEGABYTES / 2));
      // when
      var ended = project.run("run", "noisy").exits(0);
      // then
      var log = project.runFolder().resolve("logs/noise.log");
      assertThat(ended.out()).contains("ok     noise");
      assertThat(Files.size(log)).isLessThan(BoundedLog.LIMIT + 1000);
      var lines = Files.readAllLines(log);
      assertThat(lines.get(1)).endsWith(" first");
      assertThat(lines.getLast()).endsWith(" last");
      assertThat(lines).anyMatch(line -> line.matches("… \\d+ lines left out …"));
      assertThat(lines).anyMatch(line -> line.endsWith("xxx … (cut)"));
    } finally {
      project.dropDatabases();
    }
  }
}
