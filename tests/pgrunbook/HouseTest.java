package pgrunbook;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** What the launchers, the catalog, the pom and the folders promise each other. */
class HouseTest {
  private static final Path ROOT = Path.of("").toAbsolutePath();
  private static final Path SCRIPTS = ROOT.resolve("scripts");
  private static final Path SOURCES = ROOT.resolve("src");
  private static final String DEPS = "//DEPS ";
  private static final String JAVA_OPTIONS = "//JAVA_OPTIONS ";

  @Test
  void the_pom_and_the_launcher_name_the_same_libraries() throws Exception {
    // given
    var inLauncher = new TreeSet<>(directives(SCRIPTS.resolve("runbook.java"), DEPS));
    // when
    var inPom = librariesOf(ROOT.resolve("pom.xml"));
    // then
    assertThat(inPom).isEqualTo(inLauncher);
    // JBang takes an older one where none is named, and that one writes to stderr
    assertThat(inLauncher).anyMatch(it -> it.startsWith("org.slf4j:slf4j-api:2"));
  }

  @Test
  void the_sources_are_compiled_by_one_launcher_only() {
    // when
    var compiling =
        launchers().stream().filter(file -> !directives(file, "//SOURCES ").isEmpty()).toList();
    // then
    assertThat(compiling).containsExactly(SCRIPTS.resolve("runbook.java"));
  }

  @Test
  void every_other_launcher_uses_the_jar_of_the_first_and_starts_its_JVM_the_same_way() {
    var first = SCRIPTS.resolve("runbook.java");
    for (var launcher : launchers()) {
      if (!launcher.equals(first)) {
        assertThat(directives(launcher, DEPS)).as(launcher.toString()).contains("runbook.java");
      }
      assertThat(directives(launcher, JAVA_OPTIONS))
          .as(launcher.toString())
          .isEqualTo(directives(first, JAVA_OPTIONS));
    }
  }

  @Test
  void every_JVM_is_small() {
    assertThat(directives(SCRIPTS.resolve("runbook.java"), JAVA_OPTIONS))
        .singleElement()
        .asString()
        .contains("-XX:+UseSerialGC")
        .containsPattern("-Xmx\\d\\dm");
  }

  @Test
  void every_alias_names_a_launcher_that_is_there() throws IOException {
    var aliases = catalog().path("aliases").properties();
    assertThat(aliases).isNotEmpty();
    for (var alias : aliases) {
      assertThat(ROOT.resolve(alias.getValue().path("script-ref").asText()))
          .as(alias.getKey())
          .isRegularFile();
    }
  }

  @Test
  void every_launcher_and_alias_of_a_runbook_names_one_that_is_there() throws IOException {
    var named = new TreeSet<String>();
    for (var launcher : launchers()) {
      var runs = Pattern.compile("\"run\", \"([a-z-]+)\"").matcher(text(launcher));
      runs.results().map(found -> found.group(1)).forEach(named::add);
      assertThat(launcher.getFileName().toString()).isIn(scriptsOfAliases());
    }
    for (var alias : catalog().path("aliases").properties()) {
      var arguments = alias.getValue().path("arguments");
      if (arguments.path(0).asText().equals("run")) {
        named.add(arguments.path(1).asText());
      }
    }
    assertThat(named)
        .contains("restore-prod", "restore-dev", "backup-prod", "backup-dev")
        .allSatisfy(name -> assertThat(ROOT.resolve("runbooks/" + name + ".yaml")).isRegularFile());
  }

  private static List<String> scriptsOfAliases() throws IOException {
    return catalog().path("aliases").properties().stream()
        .map(alias -> alias.getValue().path("script-ref").asText().replace("scripts/", ""))
        .toList();
  }

  @Test
  void the_wrapper_finds_every_alias_with_a_grep() throws IOException {
    var lines = lines(ROOT.resolve("jbang-catalog.json"));
    for (var alias : catalog().path("aliases").properties()) {
      assertThat(lines).contains("    \"%s\": {".formatted(alias.getKey()));
    }
  }

  @Test
  void every_package_says_in_one_sentence_what_it_is_and_that_it_knows_no_null() {
    for (var folder : packages()) {
      var info = folder.resolve("package-info.java");
      assertThat(info).isRegularFile();
      assertThat(text(info))
          .as(info.toString())
          .startsWith("/** ")
          .contains(". */\n@NullMarked\npackage ");
    }
  }

  @Test
  void no_class_beside_the_launchers_has_a_main_method() {
    // JBang compiles all sources together with the launcher and would not know which to start.
    assertThat(files(SOURCES).filter(HouseTest::isJava))
        .allSatisfy(file -> assertThat(text(file)).doesNotContain("void main("));
  }

  @Test
  void every_resource_has_a_name_that_the_launcher_packs() {
    // The launcher packs *.[!j]* and *.j[!a]*: a file without an extension would be left out.
    assertThat(files(SOURCES).filter(file -> !isJava(file)))
        .allSatisfy(
            file -> assertThat(file.getFileName().toString()).matches(".+\\.([^j].*|j[^a].*)"));
  }

  @Test
  void every_file_that_the_launcher_packs_for_other_repositories_is_there() throws IOException {
    var pom = text(ROOT.resolve("pom.xml"));
    var packed =
        directives(SCRIPTS.resolve("runbook.java"), "//FILES ").stream()
            .filter(it -> it.startsWith("starter/"))
            .toList();
    assertThat(packed).isNotEmpty();
    for (var it : packed) {
      // JBang is silent where a pattern matches nothing
      var source = SCRIPTS.resolve(it.substring(it.indexOf('=') + 1)).normalize();
      var name = Pattern.compile(globbed(source)).asMatchPredicate();
      assertThat(files(source.getParent()).map(file -> file.getFileName().toString()))
          .as(it)
          .anyMatch(name);
      assertThat(pom).contains("<include>" + ROOT.relativize(source) + "</include>");
    }
  }

  @Test
  void every_test_that_the_page_about_safety_names_is_there() {
    var named =
        Pattern.compile("`(\\w+Test)\\.(\\w+)`")
            .matcher(text(ROOT.resolve("docs/safety.md")))
            .results();
    assertThat(named.toList())
        .isNotEmpty()
        .allSatisfy(
            test -> assertThat(test(test.group(1))).contains("void " + test.group(2) + "("));
  }

  private static String test(String name) {
    return files(ROOT.resolve("tests/pgrunbook"))
        .filter(file -> file.endsWith(name + ".java"))
        .findFirst()
        .map(HouseTest::text)
        .orElse("");
  }

  private static String globbed(Path source) {
    return source.getFileName().toString().replace(".", "\\.").replace("*", "[^/]+");
  }

  private static SortedSet<String> librariesOf(Path pom) throws Exception {
    var project =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(pom.toFile())
            .getDocumentElement();
    return children(child(project, "dependencies"))
        .filter(dependency -> children(dependency).noneMatch(x -> x.getTagName().equals("scope")))
        .map(HouseTest::coordinates)
        .collect(toCollection(TreeSet::new));
  }

  private static String coordinates(Element dependency) {
    return String.join(
        ":",
        Stream.of("groupId", "artifactId", "version")
            .map(name -> child(dependency, name).getTextContent().strip())
            .toList());
  }

  private static Element child(Element parent, String name) {
    return children(parent).filter(x -> x.getTagName().equals(name)).findFirst().orElseThrow();
  }

  private static Stream<Element> children(Element parent) {
    return Stream.iterate(parent.getFirstChild(), x -> x != null, Node::getNextSibling)
        .filter(Element.class::isInstance)
        .map(Element.class::cast);
  }

  private static JsonNode catalog() throws IOException {
    return new ObjectMapper().readTree(ROOT.resolve("jbang-catalog.json").toFile());
  }

  private static List<Path> launchers() {
    return files(SCRIPTS).filter(HouseTest::isJava).sorted().toList();
  }

  private static List<Path> packages() {
    return files(SOURCES).filter(HouseTest::isJava).map(Path::getParent).distinct().toList();
  }

  private static boolean isJava(Path file) {
    return file.getFileName().toString().endsWith(".java");
  }

  private static List<String> directives(Path file, String directive) {
    return lines(file).stream()
        .filter(line -> line.startsWith(directive))
        .map(line -> line.substring(directive.length()).strip())
        .toList();
  }

  private static Stream<Path> files(Path folder) {
    try (var all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    return String.join("\n", lines(file));
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
