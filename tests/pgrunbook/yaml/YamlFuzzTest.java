package pgrunbook.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.runbook.Runbooks;
import pgrunbook.testing.Tries;
import pgrunbook.testing.Tries.Draw;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;

/** What was written is what is read, in every style; and nothing that is read can do harm. */
@Tag("hostile")
class YamlFuzzTest {
  private static final List<String> SIGNS =
      List.of(
          "a",
          "b c",
          "-",
          "- ",
          "?",
          ":",
          ": ",
          "#",
          " #",
          "'",
          "\"",
          "\\",
          "[",
          "]",
          "{",
          "}",
          ",",
          "&",
          "*",
          "!",
          "|",
          ">",
          "%",
          "@",
          "`",
          "~",
          "null",
          "yes",
          "no",
          "1e3",
          "0o7",
          "---",
          "...",
          "\n",
          "\t",
          "é",
          "\ud83d\ude00",
          "<<",
          "=",
          "$",
          "\u2028",
          "\u00a0");

  @TempDir Path folder;

  private static Object tree(Draw draw, int depth) {
    if (depth == 0 || draw.oneIn(3)) {
      return draw.text(SIGNS, 5);
    }
    if (draw.oneIn(2)) {
      var list = new ArrayList<>();
      for (var left = draw.below(4); left > 0; left--) {
        list.add(tree(draw, depth - 1));
      }
      return list;
    }
    return mapping(draw, depth);
  }

  private static Map<String, Object> mapping(Draw draw, int depth) {
    var map = new LinkedHashMap<String, Object>();
    for (var left = 1 + draw.below(3); left > 0; left--) {
      map.put(draw.text(SIGNS, 3), tree(draw, depth - 1));
    }
    return map;
  }

  private static String written(Draw draw, Object tree, String indent, boolean flow) {
    return switch (tree) {
      case Map<?, ?> map when flow || map.isEmpty() || draw.oneIn(4) ->
          map.entrySet().stream()
              .map(it -> written(it.getKey()) + ": " + written(draw, it.getValue(), "", true))
              .collect(Collectors.joining(draw.of(", ", " , "), "{", draw.of("}", " }")));
      case List<?> list when flow || list.isEmpty() || draw.oneIn(4) ->
          list.stream()
              .map(it -> written(draw, it, "", true))
              .collect(Collectors.joining(draw.of(",", ", "), "[", draw.of("]", " ]")));
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(it ->
                  "\n" + indent + written(it.getKey()) + ":" + below(draw, it.getValue(), indent))
              .collect(Collectors.joining());
      case List<?> list ->
          list.stream()
              .map(it -> "\n" + indent + "-" + below(draw, it, indent))
              .collect(Collectors.joining(draw.of("", "\n# comment: [")));
      case String text -> scalar(draw, text, indent, flow);
      default -> throw new IllegalArgumentException();
    };
  }

  private static String below(Draw draw, Object tree, String indent) {
    return " " + written(draw, tree, indent + draw.of("  ", "    ", " "), false);
  }

  private static String scalar(Draw draw, String text, String indent, boolean flow) {
    if (text.matches("[a-z][a-z0-9é]*") && !text.equals("null")) {
      return text;
    }
    if (!flow && text.matches("(?s)[a-z].*\n") && !text.matches("(?s).*([\t\u2028]|\n\n|\n ).*")) {
      return "|" + "\n" + text.stripTrailing().indent(indent.length() + 2).stripTrailing();
    }
    var single = !text.contains("\n") && !text.contains("\u2028") && draw.oneIn(2);
    return single ? "'" + text.replace("'", "''") + "'" : written(text);
  }

  /** In double quotes, in which everything can be written. */
  private static String written(Object text) {
    return '"'
        + String.valueOf(text)
            .replace("\\", "\\\\")
            .replace("\"", "\\\"")
            .replace("\n", "\\n")
            .replace("\t", "\\t")
            .replace("\u2028", "\\u2028")
        + '"';
  }

  private static Object plain(YamlNode node) {
    return switch (node) {
      case YamlNode.Scalar scalar -> scalar.text();
      case YamlNode.Sequence list -> list.items().stream().map(YamlFuzzTest::plain).toList();
      case YamlNode.Mapping map -> {
        var read = new LinkedHashMap<String, Object>();
        map.entries().forEach((key, entry) -> read.put(key, plain(entry.value())));
        yield read;
      }
    };
  }

  @Test
  void a_tree_that_was_written_in_any_style_is_read_as_it_was(TestReporter reporter) {
    Tries.of(3000)
        .each(
            reporter,
            draw -> {
              var tree = mapping(draw, 4);
              var text = written(draw, tree, "", false) + "\n";
              var problems = new Problems();
              var read =
                  Yaml.read(draw.oneIn(3) ? text.replace("\n", "\r\n") : text, "f", problems);
              assertThat(problems.list()).as(text).isEmpty();
              assertThat(plain(read.orElseThrow())).as(text).isEqualTo(tree);
            });
  }

  @Test
  void a_damaged_runbook_is_read_or_has_problems_at_places_in_it(TestReporter reporter)
      throws Exception {
    List<byte[]> good;
    try (var files = Files.list(Path.of("runbooks"))) {
      var names = files.filter(it -> it.toString().endsWith(".yaml")).sorted().toList();
      good = new ArrayList<>();
      for (var name : names) {
        good.add(Files.readAllBytes(name));
      }
    }
    var file = folder.resolve("f.yaml");
    Tries.of(1000)
        .each(
            reporter,
            draw -> {
              Files.write(file, draw.damaged(draw.of(good)));
              var problems = new Problems();
              var runbook = Runbooks.readFile(file, "f.yaml", problems);
              assertThat(runbook.isPresent()).isEqualTo(problems.isEmpty());
              assertThat(problems.list())
                  .allSatisfy(it -> assertThat(it.at().file()).isEqualTo("f.yaml"))
                  .extracting(Problem::what)
                  .noneMatch(it -> it.contains("Exception") || it.contains("null"));
            });
  }
}
