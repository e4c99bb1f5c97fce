package pgrunbook.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pgrunbook.expression.Late;
import pgrunbook.expression.Scope;
import pgrunbook.text.Place;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;
import pgrunbook.text.Secret;

class BinderTest {
  private static final Map<String, Object> KNOWN =
      Map.of(
          "env.PORT", "5433",
          "env.FLAG", "true",
          "params.n", 7L,
          "params.list", List.of("a", "b"),
          "env.PASSWORD", "s3cret");

  private final Problems problems = new Problems();

  static Scope.Found find(List<String> path) {
    var name = String.join(".", path);
    if (path.getFirst().equals("steps")) {
      return new Scope.Found.Pending("‹" + name + "›", Set.of(path.get(1)));
    }
    return KNOWN.containsKey(name)
        ? new Scope.Found.Is(KNOWN.get(name))
        : new Scope.Found.Unknown("unknown name '" + name + "'", Optional.empty());
  }

  private <R extends Record> Optional<R> bind(String text, Class<R> type) {
    var node = Yaml.read(text, "f.yaml", problems).orElseThrow();
    return Binder.bind(node, type, BinderTest::find, problems);
  }

  private List<String> problemsOf(String text) {
    assertThat(bind(text, Bound.Few.class)).isEmpty();
    return problems.list().stream().map(Problem::toString).toList();
  }

  @Test
  void a_mapping_is_bound_to_a_record_with_everything() {
    // given
    var text =
        """
        text: 010
        flag: true
        small: 5
        large: 5000000000
        share: 0.25
        pause: 1h30m
        mode: very_safe
        names: [a, yes]
        counts: {x: 1, y: 2}
        inner: {name: n}
        password: ${env.PASSWORD}
        any: 1.10
        raw: {x: "${not.evaluated}"}
        late: p-${steps.a.file}
        late_list: ["${steps.a.file}", b]
        list_of_late: ["${steps.b.file}", c]
        map_of_late: {k: "${params.n}"}
        maybe_late: ${steps.a.ok}
        when: params.n > 5
        protected: true
        default: 5
        """;
    // when
    var bound = bind(text, Bound.Everything.class);
    // then
    assertThat(problems.list()).isEmpty();
    var it = bound.orElseThrow();
    assertThat(it.text()).isEqualTo("010");
    assertThat(it.large()).isEqualTo(5_000_000_000L);
    assertThat(it.pause()).isEqualTo(Duration.ofMinutes(90));
    assertThat(it.mode()).isEqualTo(Bound.Mode.VERY_SAFE);
    assertThat(it.names()).containsExactly("a", "yes");
    assertThat(it.counts()).isEqualTo(Map.of("x", 1, "y", 2));
    assertThat(it.maybe()).isEmpty();
    assertThat(it.inner()).isEqualTo(new Bound.Inner("n", 3));
    assertThat(it.password()).isEqualTo(new Secret("s3cret"));
    assertThat(it.any()).isEqualTo("1.10");
    assertThat(it.raw()).isInstanceOf(YamlNode.Mapping.class);
    assertThat(it.late()).isEqualTo(new Late.Pending<>("p-‹steps.a.file›", Set.of("a")));
    assertThat(it.lateList()).isEqualTo(new Late.Pending<>("[‹steps.a.file›, b]", Set.of("a")));
    assertThat(it.listOfLate())
        .containsExactly(new Late.Pending<>("‹steps.b.file›", Set.of("b")), Late.known("c"));
    assertThat(it.mapOfLate()).isEqualTo(Map.of("k", Late.known(7L)));
    assertThat(it.maybeLate()).contains(new Late.Pending<>("‹steps.a.ok›", Set.of("a")));
    assertThat(it.when().orElseThrow().text()).isEqualTo("params.n > 5");
    assertThat(it.isProtected()).isTrue();
    assertThat(it.default_()).isEqualTo(5L);
    assertThat(it.place()).isEqualTo(new Place("f.yaml", 1, 1));
  }

  @Test
  void what_is_missing_has_its_default() {
    var few = bind("label: x", Bound.Few.class).orElseThrow();
    assertThat(few)
        .isEqualTo(
            new Bound.Few(
                "x",
                false,
                Duration.ofMinutes(5),
                Bound.Mode.FAST,
                List.of(),
                1,
                0.5,
                Optional.empty()));
  }

  @Test
  void expressions_are_converted_to_what_is_needed() {
    var text =
        """
        label: ${params.n}
        keep_old: ${env.FLAG}
        services: ${params.list}
        max_count: ${env.PORT}
        share: ${params.n}
        """;
    var few = bind(text, Bound.Few.class).orElseThrow();
    assertThat(few.label()).isEqualTo("7");
    assertThat(few.keepOld()).isTrue();
    assertThat(few.services()).containsExactly("a", "b");
    assertThat(few.maxCount()).isEqualTo(5433);
    assertThat(few.share()).isEqualTo(7.0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          keep_old: true => f.yaml:1:1: 'label' is missing
          label: x / keep_odl: true => f.yaml:2:1: unknown key 'keep_odl' / hint: did you mean 'keep_old'?
          label: x / keep_old: yes => f.yaml:2:11: 'keep_old' must be true or false, found 'yes' / hint: write true
          label: x / keep_old: off => f.yaml:2:11: 'keep_old' must be true or false, found 'off' / hint: write false
          label: x / keep_old: 'true' => f.yaml:2:12: 'keep_old' must be true or false, found the text 'true' / hint: write it without quotes
          label: x / pause: 30 => f.yaml:2:8: 'pause' must be a duration, found '30' / hint: write 30s for seconds, 30m for minutes
          label: x / pause: 5 minutes => f.yaml:2:8: 'pause' must be a duration, found '5 minutes'
          label: x / mode: fsat => f.yaml:2:7: 'mode' must be one of fast, very_safe, found 'fsat' / hint: did you mean 'fast'?
          label: x / services: backend => f.yaml:2:11: 'services' must be a list, found 'backend' / hint: write [backend]
          label: x / services: [a, {b: c}] => f.yaml:2:15: 'services[1]' must be a text, found a mapping
          label: x / max_count: 010 => f.yaml:2:12: 'max_count' must be a whole number, found '010' / hint: write it without the leading 0
          label: x / max_count: 1.5 => f.yaml:2:12: 'max_count' must be a whole number, found '1.5'
          label: x / max_count: 22:22 => f.yaml:2:12: 'max_count' must be a whole number, found '22:22'
          label: x / max_count: 3000000000 => f.yaml:2:12: 'max_count' must be a whole number, found '3000000000' / hint: its limit is 2147483647
          label: x / share: lots => f.yaml:2:8: 'share' must be a number, found 'lots'
          label: [a] => f.yaml:1:8: 'label' must be a text, found a list
          label: {a: b} => f.yaml:1:8: 'label' must be a text, found a mapping
          label: => f.yaml:1:7: 'label' has no value
          label: null => f.yaml:1:8: 'label' has no value
          label: ~ => f.yaml:1:8: 'label' has no value
          label: x / inner: n => f.yaml:2:8: 'inner' must be a mapping, found 'n'
          label: x / inner: {} => f.yaml:2:8: 'name' is missing / hint: its name
          label: x / inner: {name: n, times: -1} => f.yaml:2:8: 'times' must not be negative
          label: ${nope} => f.yaml:1:10: unknown name 'nope'
          label: ${params.list} => f.yaml:1:8: 'label' must be a text, found a list in ${params.list}
          label: x / max_count: ${env.PASSWORD} => f.yaml:2:12: 'max_count' must be a whole number, found a text in ${env.PASSWORD}
          label: x / keep_old: ${steps.x.y} => f.yaml:2:11: 'keep_old' must be known before the run, and ‹steps.x.y› is known only in it
          """)
  void a_mistake_is_a_problem_at_its_place(String text, String problem) {
    assertThat(problemsOf(text.replace(" / ", "\n")))
        .singleElement()
        .asString()
        .startsWith(problem.replace(" / hint", "\n  hint"));
  }

  @Test
  void all_mistakes_are_found_at_once() {
    var text =
        """
        keep_old: yes
        pause: 30
        mode: slow
        services: x
        max_count: a
        inner: {name: [], tims: 2}
        """;
    assertThat(problemsOf(text)).hasSize(8);
  }

  @Test
  void no_problem_shows_a_value_that_came_from_an_expression() {
    assertThat(problemsOf("label: x\nmax_count: ${env.PASSWORD}\npause: a${env.PASSWORD}"))
        .hasSize(2)
        .noneMatch(problem -> problem.contains("s3cret"));
  }
}
