package pgrunbook.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.environment.DotEnv;
import pgrunbook.testing.Docker;
import pgrunbook.testing.Tries;
import pgrunbook.testing.Tries.Draw;
import pgrunbook.testing.WithDocker;
import pgrunbook.text.Problems;

/** The real Compose reads <code>.env</code> files, too: both have to agree on each value. */
@WithDocker
class DotEnvDifferenceTest {
  private static final int LINES = 300;
  private static final String ABOVE = "A=first\nE=\n";
  private static final List<String> PIECES =
      List.of(
          ("a|b c|#| #c|=|$A|${A}|${NO:-d}|${NO-d}|${E:-d}|${E-d}|\\|\\n|\\\\|\\$|é|'|\"|  |$|$$"
                  + "|5|/|:|!|\t|@|%|{|}|~|`|&")
              .split("\\|"));

  @TempDir Path folder;

  @Test
  void compose_reads_every_value_that_we_read_in_the_same_way(TestReporter reporter) {
    var version = Docker.compose(folder, "version", "--short").out();
    Assumptions.assumeFalse(version.startsWith("1."), "Compose 1 reads .env in another way");
    Tries.of(3).each(reporter, this::compare);
    reporter.publishEntry("inputs", Integer.toString(3 * (LINES - 1)));
  }

  private void compare(Draw draw) throws IOException {
    var lines = new ArrayList<String>();
    while (lines.size() < LINES) {
      var line = "V" + lines.size() + "=" + value(draw) + (draw.oneIn(6) ? " # comment" : "");
      var problems = new Problems();
      read(line, problems);
      if (problems.isEmpty()) {
        lines.add(line);
      }
    }
    // when
    var ours = read(String.join("\n", lines), new Problems());
    var theirs = composes(lines.size());
    // then
    for (var i = 0; i < lines.size(); i++) {
      var name = "V" + i;
      // Compose shows each $ as two
      assertThat(ours.get(name)).as(lines.get(i)).isEqualTo(text(theirs, name));
    }
  }

  private static String text(JsonNode values, String name) {
    return values.path(name).asText().replace("$$", "$");
  }

  private static String value(Draw draw) {
    var text = draw.text(PIECES, 6);
    return switch (draw.below(3)) {
      case 0 -> text;
      case 1 -> "'" + text.replace("'", "") + "'";
      default -> '"' + text.replace("\"", "\\\"") + '"';
    };
  }

  private Map<String, String> read(String lines, Problems problems) throws IOException {
    var file = Files.writeString(folder.resolve(".env"), ABOVE + lines + "\n");
    return DotEnv.read(file, ".env", Map.of(), problems);
  }

  private JsonNode composes(int number) throws IOException {
    var file = new StringBuilder("services:\n  s:\n    image: x\n    environment:\n");
    for (var i = 0; i < number; i++) {
      file.append("      V%1$d: \"${V%1$d}\"\n".formatted(i));
    }
    Files.writeString(folder.resolve("compose.yaml"), file);
    var shown = Docker.compose(folder, "config", "--format", "json").ok();
    return new ObjectMapper().readTree(shown).path("services").path("s").path("environment");
  }
}
