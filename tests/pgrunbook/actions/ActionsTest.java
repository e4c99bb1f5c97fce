package pgrunbook.actions;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import pgrunbook.action.Action;
import pgrunbook.action.Kind;
import pgrunbook.action.Registry;
import pgrunbook.environment.EnvironmentSchema;
import pgrunbook.runbook.ActionDoc;
import pgrunbook.runbook.RunbookSchema;

/** What the actions, their docs and the schemas beside the runbooks promise each other. */
class ActionsTest {
  private static final Path DOCS = Path.of("docs/actions");
  private static final Path RUNBOOKS = Path.of("runbooks");

  static Stream<Action<?, ?, ?>> actions() {
    return Actions.all().stream();
  }

  static Stream<Kind<?, ?, ?>> kinds() {
    return actions().map(Action::kind);
  }

  private static String read(Path file) throws IOException {
    assertThat(file).isRegularFile();
    return Files.readString(file);
  }

  @ParameterizedTest
  @MethodSource("actions")
  void its_class_is_named_after_it(Action<?, ?, ?> action) {
    var name =
        Arrays.stream(action.kind().name().split("[._]"))
            .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
            .collect(joining());
    assertThat(action.getClass().getSimpleName()).isEqualTo(name);
    assertThat(Path.of("src/pgrunbook/actions", name + ".java")).isRegularFile();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void its_page_names_every_input_and_output(Kind<?, ?, ?> kind) throws IOException {
    // given
    var page = read(DOCS.resolve(kind.name() + ".md"));
    // then
    assertThat(page.lines().findFirst()).contains("# " + kind.name());
    var names = Stream.concat(names(kind.input()), names(kind.output()));
    assertThat(names.filter(name -> !page.contains("`" + name + "`")))
        .as("not on the page of " + kind.name())
        .isEmpty();
  }

  private static Stream<String> names(Class<? extends Record> type) {
    return Arrays.stream(type.getRecordComponents())
        .map(component -> snakeCase(component.getName()));
  }

  /** As in YAML; a name that Java keeps for itself, such as <code>for_</code>, ends with _. */
  private static String snakeCase(String camelCase) {
    return camelCase
        .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
        .replaceAll("_$", "")
        .toLowerCase(Locale.ROOT);
  }

  @Test
  void every_page_is_about_an_action_and_the_list_has_them_all() throws IOException {
    // given
    var names = kinds().map(Kind::name).toList();
    // when
    var pages = new ArrayList<String>();
    try (var files = Files.list(DOCS)) {
      files.map(file -> file.getFileName().toString()).forEach(pages::add);
    }
    pages.remove("README.md");
    // then
    assertThat(pages)
        .containsExactlyInAnyOrderElementsOf(names.stream().map(it -> it + ".md").toList());
    var list = read(DOCS.resolve("README.md"));
    assertThat(list).contains(names.stream().map(it -> "[`" + it + "`](" + it + ".md)").toList());
  }

  @Test
  void no_two_have_the_same_name() {
    assertThat(kinds().map(Kind::name)).doesNotHaveDuplicates();
    assertThat(new Registry(Actions.all()).names()).hasSameSizeAs(Actions.all());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void its_doc_is_one_sentence_in_lowercase_without_a_final_stop(Kind<?, ?, ?> kind) {
    assertThat(kind.doc()).matches("[a-z].*[^.]").doesNotContain(". ");
  }

  private static String schema() {
    return RunbookSchema.generate(
        kinds().map(kind -> new ActionDoc(kind.name(), kind.doc(), kind.input())).toList());
  }

  @Test
  void the_schemas_beside_the_runbooks_are_those_that_the_program_prints() throws IOException {
    // to write them: jbang runbook schema, jbang runbook schema --environment
    assertThat(RUNBOOKS.resolve("runbook.schema.json")).hasContent(schema());
    assertThat(RUNBOOKS.resolve("environments/environment.schema.json"))
        .hasContent(EnvironmentSchema.generate());
  }

  private static List<String> errors(String schema, String yaml) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(schema)
        .validate(yaml, InputFormat.YAML)
        .stream()
        .map(error -> error.getInstanceLocation() + " " + error.getKeyword())
        .toList();
  }

  @Test
  void the_runbooks_and_their_environments_are_valid_by_them() throws IOException {
    assertThat(yaml(RUNBOOKS))
        .hasSizeGreaterThan(1)
        .allSatisfy(file -> assertThat(errors(schema(), Files.readString(file))).isEmpty());
    var schema = EnvironmentSchema.generate();
    assertThat(yaml(RUNBOOKS.resolve("environments")))
        .hasSizeGreaterThan(1)
        .allSatisfy(file -> assertThat(errors(schema, Files.readString(file))).isEmpty());
  }

  private static List<Path> yaml(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @Test
  void wrong_ones_are_not() throws IOException {
    // given
    var runbook = Files.readString(RUNBOOKS.resolve("restore-prod.yaml"));
    var environment = Files.readString(RUNBOOKS.resolve("environments/staging.yaml"));
    // then
    assertThat(errors(schema(), runbook.replace("services: [backend]", "service: backend")))
        .contains("/steps/2/with additionalProperties", "/steps/2/with required");
    assertThat(errors(schema(), runbook.replace("timeout: 2h", "timeout: soon")))
        .containsExactly("/steps/5/timeout pattern");
    assertThat(errors(schema(), runbook.replace("postgres.verify", "postgres.verfy"))).isNotEmpty();
    assertThat(errors(EnvironmentSchema.generate(), environment.replace("stop:", "stopp:")))
        .contains("/services/backend additionalProperties", "/services/backend required");
  }
}
