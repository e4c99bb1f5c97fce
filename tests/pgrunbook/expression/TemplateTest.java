package pgrunbook.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pgrunbook.text.Place;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;

class TemplateTest {
  private static final Place AT = new Place("f.yaml", 3, 10);

  private final Names names =
      Names.of(
          Map.of(
              "params.n", 5L, "params.s", "text", "params.on", true, "params.list", List.of("a")));
  private final Problems problems = new Problems();

  private Late<Object> evaluated(String text) {
    var value = Template.parse(text, AT, problems).evaluate(names, problems);
    assertThat(problems.list()).isEmpty();
    return value.orElseThrow();
  }

  private List<String> problemsOf(String text) {
    assertThat(Template.parse(text, AT, problems).evaluate(names, problems)).isEmpty();
    return problems.list().stream().map(Problem::toString).toList();
  }

  @Test
  void a_text_without_expressions_is_itself() {
    assertThat(evaluated("costs $5, $x, {y}")).isEqualTo(Late.known("costs $5, $x, {y}"));
    assertThat(evaluated("")).isEqualTo(Late.known(""));
  }

  @Test
  void a_single_expression_keeps_its_type() {
    assertThat(evaluated("${params.n}")).isEqualTo(Late.known(5L));
    assertThat(evaluated("${ params.on }")).isEqualTo(Late.known(true));
    assertThat(evaluated("${params.list}")).isEqualTo(Late.known(List.of("a")));
  }

  @Test
  void several_parts_are_joined_to_a_text() {
    assertThat(evaluated("${params.s}-${params.n}!")).isEqualTo(Late.known("text-5!"));
  }

  @Test
  void two_dollars_keep_the_braces() {
    assertThat(evaluated("$${HOME} ${params.n} $$$${x}")).isEqualTo(Late.known("${HOME} 5 $$${x}"));
  }

  @Test
  void a_brace_in_quotes_does_not_end_the_expression() {
    assertThat(evaluated("${'}' == \"}\"}")).isEqualTo(Late.known(true));
  }

  @Test
  void a_part_that_is_pending_makes_all_of_it_pending() {
    assertThat(evaluated("prefix-${steps.check-backup.file}/${params.n}"))
        .isEqualTo(
            new Late.Pending<>("prefix-‹steps.check-backup.file›/5", Set.of("check-backup")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "${'it''s'}|it's",
        "${\"a\\\"b\\\\\\n\"}|`a\"b\\\n`",
        "x${-5}|x-5",
        "x${1.5}|x1.5",
        "x${true}|xtrue",
        "${env.NONE ?? 'd'}|d",
        "${env.NONE ?? env.NONE ?? 'd'}|d",
        "${params.s ?? 'd'}|text",
      })
  void literals_and_defaults(String text, String value) {
    assertThat(evaluated(text)).isEqualTo(Late.known(value));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ab ${}|f.yaml:3:15: expected a name or a value, found '}'",
        "ab ${params.n|f.yaml:3:13: '${' is not closed",
        "${params.n params.s}|f.yaml:3:21: expected an operator or }, found 'params.s'",
        "${params.n = 5}|f.yaml:3:21: unexpected '='",
        "${params.n + 5}|f.yaml:3:21: unexpected '+'",
        "${'open}|f.yaml:3:12: the quote ' is not closed",
        "${\"a\\q\"}|f.yaml:3:14: unknown escape",
        "${1 == 1 == 1}|f.yaml:3:19: comparisons cannot follow each other",
        "${(1}|f.yaml:3:14: expected an operator or ), found '}'",
        "${99999999999999999999}|f.yaml:3:12: the number 99999999999999999999 is too large",
        "a ${params.list}|f.yaml:3:14: a list cannot be part of a text",
        "${parms.n}|f.yaml:3:12: unknown name 'parms.n'",
        "${env.NONE}|f.yaml:3:12: 'env.NONE' has no value",
        "${params.s < 'x'}|f.yaml:3:12: '<' cannot compare a text with a text",
        "${params.n == '5'}|f.yaml:3:12: '==' cannot compare a number with a text",
        "${!params.n}|f.yaml:3:13: expected true or false, found a number",
      })
  void a_mistake_is_a_problem_at_its_column(String text, String problem) {
    assertThat(problemsOf(text)).singleElement().asString().startsWith(problem);
  }

  @Test
  void all_expressions_of_a_text_are_checked() {
    assertThat(problemsOf("${nope} and ${1 +} and ${=} and ${nope2}")).hasSize(2);
    assertThat(problemsOf("${nope} and ${nope2}")).hasSize(4);
  }

  @Test
  void in_a_text_of_several_lines_the_line_is_counted() {
    assertThat(problemsOf("one\ntwo ${nope}")).singleElement().asString().startsWith("f.yaml:4:16");
  }

  @Test
  void nesting_without_end_is_refused() {
    var deep = "${" + "(".repeat(5000) + "1" + ")".repeat(5000) + "}";
    assertThat(problemsOf(deep)).singleElement().asString().contains("more than 50 levels");
    assertThat(problemsOf("${" + "!".repeat(1000) + "true}")).isNotEmpty();
    assertThat(problemsOf("${" + "true && ".repeat(5000) + "true}")).hasSize(3);
  }

  @Test
  void references_are_listed_with_their_places() {
    var template = Template.parse("x ${params.n} ${steps.a-b.c ?? env.X}", AT, problems);
    assertThat(template.hasExpressions()).isTrue();
    assertThat(template.references())
        .containsExactly(
            new Reference(List.of("params", "n"), new Place("f.yaml", 3, 14)),
            new Reference(List.of("steps", "a-b", "c"), new Place("f.yaml", 3, 26)),
            new Reference(List.of("env", "X"), new Place("f.yaml", 3, 41)));
  }
}
