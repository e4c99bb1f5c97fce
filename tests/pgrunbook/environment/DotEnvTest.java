package pgrunbook.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pgrunbook.testing.Tries;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;

class DotEnvTest {
  @TempDir Path folder;

  private final Problems problems = new Problems();

  private Map<String, String> read(String text, Map<String, String> process) {
    try {
      var file = Files.writeString(folder.resolve(".env"), text);
      return DotEnv.read(file, ".env", process, problems);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "X=plain;plain",
        "export X=plain;plain",
        "X = spaced  ;spaced",
        "X=a b c;a b c",
        "X=value # comment;value",
        "X=pass#word;pass#word",
        "X=a=b;a=b",
        "X='single $NOT \\n # kept';single $NOT \\n # kept",
        "X=\"double # kept\" # comment;double # kept",
        "`X=\"a\\nb\\t\\\"c\\\" \\$d \\\\ \\q\"`;`a\nb\t\"c\" $d \\ \\q`",
        "`X='two\nlines'`;`two\nlines`",
        "`A=1\nX=$A-${A}`;1-1",
        "`A=1\nX=\"<${A}>\"`;<1>",
        "X=${NONE:-default};default",
        "`A=\nX=${A:-default}`;default",
        "X=$HOME/x;/home/me/x",
        "X=5$ and $5;5$ and $5",
        "X=pa$$word;pa$word",
        "X=\"pa$$word\";pa$word",
        "X='pa$$word';pa$$word",
        "X= # no comment;# no comment",
        "`\uFEFFX=bom\r\nY=2\r\n`;bom",
        "`# comment\n\n  # more\nX=1`;1",
        "`X=1\nX=2`;2",
      })
  void a_value_is_read_as_compose_reads_it(String text, String value) {
    var values = read(text, Map.of("HOME", "/home/me"));
    assertThat(problems.list()).isEmpty();
    assertThat(values).containsEntry("X", value);
  }

  @Test
  void nothing_is_a_value_too() {
    assertThat(read("X=\nY=''\nZ='' # nothing", Map.of()))
        .isEqualTo(Map.of("X", "", "Y", "", "Z", ""));
    assertThat(read("A=\nX=${A-default}", Map.of())).containsEntry("X", "");
  }

  @Test
  void the_environment_of_the_process_wins() {
    assertThat(read("X=file\nY=$X", Map.of("X", "process", "P", "1")))
        .isEqualTo(Map.of("X", "process", "Y", "process", "P", "1"));
  }

  @Test
  void a_missing_file_adds_nothing() {
    var values = DotEnv.read(folder.resolve("none"), Map.of("P", "1"), problems);
    assertThat(values).isEqualTo(Map.of("P", "1"));
    assertThat(problems.isEmpty()).isTrue();
  }

  @Test
  void mistakes_are_problems_at_their_places_and_show_no_value() {
    // given
    var text =
        """
        A=1
        not an assignment
        1X=secret
        B="secret
        C='secret' secret
        D=  se$cret
        E='secret\\'
        F=${secret:?}
        """;
    // when
    var values = read(text, Map.of());
    // then
    assertThat(values).containsEntry("A", "1");
    assertThat(problems.list())
        .extracting(Problem::toString)
        .allSatisfy(problem -> assertThat(problem).doesNotContain("secret"))
        .satisfiesExactly(
            p -> assertThat(p).startsWith(".env:2:1: expected NAME=value"),
            p -> assertThat(p).startsWith(".env:3:1: expected NAME=value"),
            p -> assertThat(p).startsWith(".env:4:3: the quote that begins here is not closed"),
            p -> assertThat(p).startsWith(".env:5:11: text behind the closing quote"),
            p -> assertThat(p).startsWith(".env:6:7: the variable that begins here has no value"),
            p -> assertThat(p).startsWith(".env:7:10: a backslash before the closing quote"),
            p -> assertThat(p).startsWith(".env:8:3: what begins here is no variable"));
  }

  @Test
  @Tag("hostile")
  void any_text_is_read_or_has_problems_that_show_none_of_it(TestReporter reporter) {
    var pieces =
        List.of(
            "A", "B_1", "=", "=", "'", "\"", "\\", "\\n", "$", "$$", "${", "}", ":-", "${A:-", "$A",
            "#", " #", "\n", "\n", "\r\n", "\r", " ", "\t", "export ", "é", "\0", "1", ":",
            "s3cret", "\ufeff", "\u2028");
    Tries.of(3000)
        .each(
            reporter,
            draw -> {
              var text = "X=s3cret\n" + draw.text(pieces, 20);
              var found = new Problems();
              var values = new DotEnvParser(text, ".env", Map.of(), found).parse();
              assertThat(values).doesNotContainKey("");
              var lines = 1 + (int) text.chars().filter(c -> c == '\n').count();
              assertThat(found.list())
                  .allSatisfy(it -> assertThat(it.at().line()).as(text).isBetween(1, lines))
                  .noneMatch(it -> it.toString().contains("s3cret") && !text.contains("$"));
            });
  }
}
