package pgrunbook.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.text.Place;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;

class ExpressionTest {
  private static final Place AT = new Place("f.yaml", 1, 7);

  private final Names names = Names.of(Map.of("params.n", 5L, "params.s", "prod", "params.d", 5.0));
  private final Problems problems = new Problems();

  private Late<Boolean> evaluated(String text) {
    var value = Expression.parse(text, AT, problems).evaluate(names, problems);
    assertThat(problems.list()).isEmpty();
    return value.orElseThrow();
  }

  private List<String> problemsOf(String text) {
    assertThat(Expression.parse(text, AT, problems).evaluate(names, problems)).isEmpty();
    return problems.list().stream().map(Problem::toString).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "true;true",
        "${true};true",
        " ${ params.n > 4 } ;true",
        "params.n == 5.0;true",
        "params.n == params.d;true",
        "params.n >= 6;false",
        "params.n <= 5 && params.n < 6;true",
        "params.s == 'prod';true",
        "params.s != \"prod\";false",
        "!(params.s == 'prod') || params.n > 1;true",
        "!false && !!true;true",
        "false && false || true;true",
        "true || false && false;true",
        "env.NONE ?? 'dev' == 'dev';true",
        "env.NONE ?? false;false",
        "9007199254740993 == 9007199254740992;false",
      })
  void conditions_with_known_values(String text, boolean value) {
    assertThat(evaluated(text)).isEqualTo(Late.known(value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"steps.a.ok && false", "false && steps.a.ok", "!(steps.a.ok || true)"})
  void a_side_that_is_known_decides_over_one_that_is_pending(String text) {
    assertThat(evaluated(text)).isEqualTo(Late.known(false));
  }

  @Test
  void what_needs_a_pending_value_is_pending_and_shows_itself() {
    assertThat(evaluated("steps.a.ok && true"))
        .isEqualTo(new Late.Pending<>("‹steps.a.ok && true›", Set.of("a")));
    assertThat(evaluated("${steps.a.ok}"))
        .isEqualTo(new Late.Pending<>("‹steps.a.ok›", Set.of("a")));
    assertThat(evaluated("steps.check-backup.file == steps.a.ok"))
        .isEqualTo(
            new Late.Pending<>(
                "‹steps.check-backup.file == steps.a.ok›", Set.of("a", "check-backup")));
    assertThat(evaluated("!steps.a.ok")).isInstanceOf(Late.Pending.class);
    assertThat(evaluated("steps.a.ok ?? false")).isInstanceOf(Late.Pending.class);
  }

  @Test
  void a_pending_value_that_waits_for_no_step_is_pending_too() {
    Scope scope = _ -> new Scope.Found.Pending("‹run.first›", Set.of());
    var value = Expression.parse("run.first && true", AT, problems).evaluate(scope, problems);
    assertThat(value.orElseThrow()).isInstanceOf(Late.Pending.class);
  }

  @Test
  void the_side_that_is_not_needed_is_not_looked_up() {
    assertThat(evaluated("false && nobody.knows")).isEqualTo(Late.known(false));
    assertThat(evaluated("true || nobody.knows")).isEqualTo(Late.known(true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "params.n;f.yaml:1:7: expected true or false, found a number",
        "${params.s};f.yaml:1:9: expected true or false, found a text",
        "true && params.s;f.yaml:1:15: expected true or false, found a text",
        "${params.n == 5} && true;f.yaml:1:23: the condition goes on behind its }",
        "true false;f.yaml:1:12: expected an operator or the end, found 'false'",
        "``;f.yaml:1:7: expected a name or a value, found the end",
        "params.n & 1;f.yaml:1:16: unexpected '&'",
        "params.;f.yaml:1:13: unexpected '.'",
        "params.n == 5};f.yaml:1:20: expected an operator or the end, found '}'",
        "nope.x || nope.y;f.yaml:1:7: unknown name 'nope.x'",
      })
  void a_mistake_is_a_problem_at_its_column(String text, String problem) {
    assertThat(problemsOf(text).getFirst()).startsWith(problem);
  }

  @Test
  void both_sides_are_checked_although_one_is_broken() {
    assertThat(problemsOf("nope.x || nope.y")).hasSize(2);
  }
}
