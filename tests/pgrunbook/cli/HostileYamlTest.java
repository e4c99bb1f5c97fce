package pgrunbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.testing.Cli;

/** Files that are made to exhaust or to mislead whoever reads them, with a launcher's memory. */
@Tag("hostile")
class HostileYamlTest {
  private static final int LARGE = 100_000_000;

  /**
   * A runbook.
   *
   * @param text without its first line, which is its name
   * @param said what is said of it, from behind its own name on
   */
  private record Hostile(String name, String text, String said) {}

  private static String each(int number, IntFunction<String> text) {
    return IntStream.range(0, number).mapToObj(text).collect(Collectors.joining());
  }

  private static List<Hostile> texts() {
    return List.of(
        new Hostile("laughs", "a: &a [x]\nb: [*a, *a]\nsteps: []\n", ":2:4: anchors such as '&a'"),
        new Hostile("merge", "vars:\n  <<: [{a: 1}, {b: 2}]\nsteps: []\n", ":3:3: merge keys"),
        new Hostile("recursive", "steps: &s\n  - *s\n", ":2:8: anchors such as '&s'"),
        new Hostile("brackets", "steps: " + "[".repeat(100_000), ":2:57: more than 50 levels"),
        new Hostile(
            "blocks", each(1300, i -> " ".repeat(i) + "k:\n"), ":51:50: more than 50 levels"),
        new Hostile("dashes", "steps:\n" + "- ".repeat(100_000), ":3:99: more than 50 levels"),
        new Hostile("twice", "steps: []\n".repeat(90_000), ":3:1: 'steps' is written twice"),
        new Hostile("keys", each(70_000, i -> "k" + i + ": 1\n"), ":2:1: unknown key 'k0'"),
        new Hostile("longkey", "k".repeat(900_000) + ": 1\n", ":2:900001: a key without ':'"),
        new Hostile("tabs", "steps:\n\t- id: a\n", ":3:1: a tab cannot indent a line"),
        new Hostile("nul", "steps: []\0\n", ":2:10: the character U+0000 is not allowed"),
        new Hostile(
            "escape", "description: \u001b[31m\n", ":2:14: the character U+001B is not allowed"),
        new Hostile(
            "steers", "\"\\e[31m\\x9b\": 1\nsteps: []\n", ":2:1: unknown key '\\u001b[31m\\u009b'"),
        new Hostile("bidi", "# \u202e\nsteps: []\n", ":2:3: the character U+202E is not allowed"),
        new Hostile("java", "steps: !!java.net.URL [x]\n", ":2:8: tags such as '!!java.net.URL'"),
        new Hostile("documents", "steps: []\n---\nsteps: []\n", ":3:1: a second document begins"),
        new Hostile(
            "norway",
            "environment: no\nparams: {a: {type: boolean, default: yes}}\nsteps: []\n",
            ":3:13: 'default' must be true or false"),
        new Hostile(
            "steps",
            "steps:\n" + each(20_000, i -> "  - {id: s" + i + ", action: exec}\n"),
            ":10003:5: there are more than 10000 steps"),
        new Hostile(
            "parens", "vars:\n  a: ${" + "(".repeat(100_000) + "\n", ":3:58: more than 50 levels"),
        new Hostile(
            "dollars",
            "vars:\n  a: " + "${x}".repeat(100_000) + "\n",
            ":3:6: more than 1000 expressions"),
        new Hostile(
            "bomb",
            "vars:\n  v0: xxxxxxxxxx\n"
                + each(9, i -> "  v" + (i + 1) + ": " + ("${vars.v" + i + "}").repeat(10) + "\n")
                + "steps: [{id: s, action: exec, with: {argv: [echo, \"${vars.v9}\"]}}]\n",
            ":13:54: 'vars.v9': 'vars.v8': 'vars.v7': 'vars.v6': what it stands for is longer"));
  }

  @TempDir Path folder;
  private Path runbooks;

  @BeforeEach
  void makeProject() throws IOException {
    runbooks = Files.createDirectories(folder.resolve("runbooks"));
    Files.createDirectories(runbooks.resolve("environments"));
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(runbooks.resolve(name + ".yaml"), bytes);
  }

  private Path large(String name, String first, String then) throws IOException {
    var file = runbooks.resolve(name + ".yaml");
    try (var out = Files.newOutputStream(file)) {
      out.write(first.getBytes(StandardCharsets.UTF_8));
      var block = then.repeat(1000).getBytes(StandardCharsets.UTF_8);
      for (var left = LARGE; left > 0; left -= block.length) {
        out.write(block);
      }
    }
    return file;
  }

  private Map<Path, Long> files() throws IOException {
    try (var files = Files.walk(folder)) {
      return files.collect(Collectors.toMap(it -> it, it -> it.toFile().lastModified()));
    }
  }

  private static void assertNoTrace(Cli.Ended ended) {
    assertThat(ended.said())
        .doesNotContain("Exception", "Error:", "\tat ")
        .doesNotContain("\u001b");
  }

  @Test
  void hostile_texts_are_refused_with_their_places_by_one_command(TestReporter reporter)
      throws IOException {
    // given
    for (var each : texts()) {
      var text = "name: " + each.name() + "\n" + each.text();
      write(each.name(), text.getBytes(StandardCharsets.UTF_8));
    }
    var before = files();
    // when
    var ended = new Cli(folder).run("lint");
    // then
    ended.exits(2);
    assertNoTrace(ended);
    assertThat(texts())
        .allSatisfy(it -> assertThat(ended.err()).contains("/" + it.name() + ".yaml" + it.said()));
    assertThat(ended.err().lines().count()).isLessThan(10_000);
    assertThat(files()).isEqualTo(before);
    reporter.publishEntry("inputs", Integer.toString(texts().size()));
  }

  @Test
  void what_is_no_text_of_a_decent_size_is_refused(TestReporter reporter) throws Exception {
    // given
    large("big", "name: big\nsteps:\n", "  - {id: s, action: exec}\n");
    large("scalar", "name: scalar\ndescription: ", "x".repeat(50));
    write("empty", new byte[0]);
    write("comments", "# a\n# b\n".getBytes(StandardCharsets.UTF_8));
    write("wide", "name: wide\n".getBytes(StandardCharsets.UTF_16));
    write("latin", "name: latin\na: é\n".getBytes(StandardCharsets.ISO_8859_1));
    Files.createDirectory(runbooks.resolve("folder.yaml"));
    Files.createSymbolicLink(runbooks.resolve("zero.yaml"), Path.of("/dev/zero"));
    Files.createSymbolicLink(runbooks.resolve("loop.yaml"), Path.of("loop.yaml"));
    var pipe = runbooks.resolve("pipe.yaml").toString();
    assertThat(new ProcessBuilder("mkfifo", pipe).start().waitFor()).isZero();
    write(
        "large-env",
        "name: large-env\nenvironment: large\nsteps: [{id: s, action: maintenance.on}]\n"
            .getBytes(StandardCharsets.UTF_8));
    Files.move(
        large("moved", "name: large\n", "x: 1\n"), runbooks.resolve("environments/large.yaml"));
    var before = files();
    var said =
        Map.ofEntries(
            Map.entry("big", ": is larger than 1 MB"),
            Map.entry("scalar", ": is larger than 1 MB"),
            Map.entry("empty", ": is empty"),
            Map.entry("comments", ": is empty"),
            Map.entry("wide", ":1:1: is not UTF-8 text"),
            Map.entry("latin", ":2:4: is not UTF-8 text"),
            Map.entry("folder", ": is a folder, not a file"),
            Map.entry("zero", ": cannot be read: a pipe or a device, not a file"),
            Map.entry("loop", ": cannot be read"),
            Map.entry("pipe", ": cannot be read: a pipe or a device, not a file"),
            Map.entry("environments/large", ": is larger than 1 MB"));
    var files =
        said.keySet().stream()
            .map(it -> "runbooks/" + it.replace("environments/large", "large-env") + ".yaml");
    // when
    var ended = new Cli(folder).run(Stream.concat(Stream.of("lint"), files).toArray(String[]::new));
    // then
    ended.exits(2);
    assertNoTrace(ended);
    assertThat(said)
        .allSatisfy((name, what) -> assertThat(ended.err()).contains("/" + name + ".yaml" + what));
    assertThat(files()).isEqualTo(before);
    reporter.publishEntry("inputs", Integer.toString(said.size()));
  }
}
