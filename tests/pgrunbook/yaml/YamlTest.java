package pgrunbook.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pgrunbook.text.Place;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;

class YamlTest {
  @TempDir Path folder;

  private final Problems problems = new Problems();

  private YamlNode.Mapping read(String text) {
    var mapping = Yaml.read(text, "f.yaml", problems);
    assertThat(problems.list()).isEmpty();
    return mapping.orElseThrow();
  }

  private List<String> problemsOf(String text) {
    var ignored = Yaml.read(text, "f.yaml", problems);
    assertThat(ignored.isEmpty() && problems.isEmpty()).isFalse();
    return problems.list().stream().map(Problem::toString).toList();
  }

  private static Place at(int line, int column) {
    return new Place("f.yaml", line, column);
  }

  @Test
  void every_value_and_key_knows_its_place() {
    // given
    var text =
        """
        # comment
        a: one
        b:
          - two
          - {c: 'three'}
        """;
    // when
    var mapping = read(text);
    // then
    assertThat(mapping.entries().get("a"))
        .isEqualTo(new YamlNode.Entry(at(2, 1), new YamlNode.Scalar(at(2, 4), "one", true)));
    var b = (YamlNode.Sequence) mapping.get("b").orElseThrow();
    assertThat(b.items().getFirst()).isEqualTo(new YamlNode.Scalar(at(4, 5), "two", true));
    var c = ((YamlNode.Mapping) b.items().getLast()).entries().get("c");
    assertThat(c)
        .isEqualTo(new YamlNode.Entry(at(5, 6), new YamlNode.Scalar(at(5, 10), "three", false)));
  }

  @Test
  void a_block_begins_where_its_text_begins() {
    var mapping = read("a: |\n  one\n  two\nb: >-\n    x\n    y\n");
    assertThat(mapping.get("a")).contains(new YamlNode.Scalar(at(2, 3), "one\ntwo\n", false));
    assertThat(mapping.get("b")).contains(new YamlNode.Scalar(at(5, 5), "x y", false));
  }

  @Test
  void the_order_of_the_keys_is_kept() {
    assertThat(read("z: 1\na: 2\nm: 3\n").entries().keySet()).containsExactly("z", "a", "m");
  }

  @Test
  void nothing_is_read_as_something_else() {
    var mapping = read("a: 010\nb: 22:22\nc: yes\nd: 1_000\non: 2026-01-01\n");
    assertThat(mapping.entries().values())
        .extracting(entry -> ((YamlNode.Scalar) entry.value()).text())
        .containsExactly("010", "22:22", "yes", "1_000", "2026-01-01");
    assertThat(mapping.entries()).containsKey("on");
  }

  @Tag("hostile")
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "``;f.yaml: is empty",
        "# only a comment;f.yaml: is empty",
        "- a;f.yaml:1:1: expected 'key: value' lines, found a list",
        "just text;f.yaml:1:1: expected 'key: value' lines, found 'just text'",
        "`a: 1\nb: 2\na: 3`;`f.yaml:3:1: 'a' is written twice\n  hint: the first one is in line 1`",
        "a: &x 1;f.yaml:1:4: anchors such as '&x' are not supported",
        "a: *x;f.yaml:1:4: aliases such as '*x' are not supported",
        "`a: 1\n<<: {b: 2}`;f.yaml:2:1: merge keys are not supported",
        "a: !!str 1;f.yaml:1:4: tags such as '!!str' are not supported",
        "a: !mine {b: 1};f.yaml:1:4: tags such as '!mine' are not supported",
        "? [a];f.yaml:1:3: a key must be a name, found a list",
        "`? ~\n: x`;f.yaml:1:3: a key must be a name, found nothing",
        "`a: 1\n---\nb: 2`;f.yaml:2:1: a second document begins here",
        "`a:\n\tb: 1`;`f.yaml:2:1: a tab cannot indent a line\n  hint: indent with spaces`",
        "a: 'open;f.yaml:1:4: the quote that begins here is not closed",
        "a: b: c;f.yaml:1:5: a ':' is not allowed here",
        "a: @home;f.yaml:1:4: a value cannot begin with @",
        "a: [1, 2;f.yaml:1:4: the list that begins here is not closed by ]",
        "a: [${b}];f.yaml:1:6: an expression inside [ ] or { } needs quotes",
        "`a: 1\n  b: 2`;f.yaml:2:4: a ':' is not allowed here",
        "`a:\n    b: 1\n  c: 2`;f.yaml:3:3: this does not continue what is above it",
        "`a: 1\nb\nc: 2`;f.yaml:3:1: a key without ':' before this line",
        "`a: x\u0007`;f.yaml:1:5: the character U+0007 is not allowed here",
      })
  void what_is_wrong_or_easily_misread_is_a_problem(String text, String problem) {
    assertThat(problemsOf(text == null ? "" : text).getFirst()).startsWith(problem);
  }

  @Test
  void several_problems_are_found_at_once() {
    assertThat(problemsOf("a: &x 1\nb: *x\na: !!int 2\n")).hasSize(4);
  }

  @Test
  void nesting_has_a_limit() {
    assertThat(problemsOf("a: " + "[".repeat(100) + "]".repeat(100)))
        .containsExactly("f.yaml:1:53: more than 50 levels");
  }

  @Test
  void a_file_may_have_a_bom_and_windows_line_ends() throws IOException {
    var file = Files.writeString(folder.resolve("f.yaml"), "\uFEFFa: 1\r\nb: x\r\n");
    var mapping = Yaml.read(file, "f.yaml", problems).orElseThrow();
    assertThat(problems.list()).isEmpty();
    assertThat(mapping.get("b")).contains(new YamlNode.Scalar(at(2, 4), "x", true));
  }

  @Test
  void a_file_that_is_not_text_is_a_problem_at_its_first_bad_byte() throws IOException {
    var bytes = "a: 1\nb: é".getBytes(StandardCharsets.ISO_8859_1);
    var file = Files.write(folder.resolve("f.yaml"), bytes);
    assertThat(Yaml.read(file, "f.yaml", problems)).isEmpty();
    assertThat(problems.list())
        .containsExactly(
            new Problem(at(2, 4), "is not UTF-8 text", Optional.of("save the file as UTF-8")));
  }

  @Test
  void a_file_that_cannot_be_read_is_a_problem() throws IOException {
    assertThat(Yaml.read(folder.resolve("none.yaml"), "none.yaml", problems)).isEmpty();
    assertThat(Yaml.read(folder, "folder", problems)).isEmpty();
    var large = Files.writeString(folder.resolve("l.yaml"), "a: " + "x".repeat(1 << 20));
    assertThat(Yaml.read(large, "l.yaml", problems)).isEmpty();
    assertThat(problems.list())
        .extracting(Problem::toString)
        .containsExactly(
            "none.yaml: no such file",
            "folder: is a folder, not a file",
            "l.yaml: is larger than 1 MB");
  }
}
