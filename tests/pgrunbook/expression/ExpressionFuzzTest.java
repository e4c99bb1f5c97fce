package pgrunbook.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import pgrunbook.testing.Tries;
import pgrunbook.testing.Tries.Draw;
import pgrunbook.text.Place;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;

/** Expressions mean what their parts mean, whatever is written around them. */
@Tag("hostile")
class ExpressionFuzzTest {
  private static final Place AT = new Place("f.yaml", 1, 1);

  /** Values that would be something else, were they ever read as a template again. */
  private static final Map<String, Object> KNOWN =
      Map.of(
          "params.yes",
          true,
          "params.no",
          false,
          "params.n",
          7L,
          "params.d",
          1.5,
          "params.evil",
          "${env.SECRET} $${ }\" '; DROP",
          "env.SECRET",
          "hunter2");

  private static final Names NAMES = Names.of(KNOWN);

  private static final List<String> SIGNS =
      List.of(
          "${",
          "$${",
          "}",
          "$",
          "{",
          "(",
          ")",
          "!",
          "'",
          "\"",
          "\\",
          "\\n",
          "==",
          "!=",
          "<",
          ">=",
          "&&",
          "||",
          "??",
          "?",
          "&",
          "params.yes",
          "params.evil",
          "steps.a.ok",
          "env.NONE",
          "x",
          "1",
          "-",
          ".",
          " ",
          "\n",
          "\t",
          "é",
          "\ud83d\ude00",
          "\ud83d",
          "\0",
          "9999999999999999999");

  /** What is written, and what it stands for; nothing where that is a mistake or missing. */
  private record Drawn(String text, Optional<Object> value) {}

  private static Drawn bool(Draw draw, int depth) {
    if (depth == 0 || draw.oneIn(5)) {
      return draw.of(
          new Drawn("true", Optional.of(true)),
          new Drawn("params.no", Optional.of(false)),
          new Drawn("params.yes", Optional.of(true)));
    }
    var left = bool(draw, depth - 1);
    var right = bool(draw, depth - 1);
    var a = (boolean) left.value().orElseThrow();
    var b = (boolean) right.value().orElseThrow();
    return switch (draw.below(6)) {
      case 0 -> drawn("(" + left.text() + ")&&(" + right.text() + ")", a && b);
      case 1 -> drawn("(" + left.text() + ") || (" + right.text() + ")", a || b);
      case 2 -> drawn("! (" + left.text() + ")", !a);
      case 3 -> drawn("(" + left.text() + ") == (" + right.text() + ")", a == b);
      case 4 -> drawn("env.NONE ?? (" + left.text() + ")", a);
      default -> compared(draw);
    };
  }

  private static Drawn compared(Draw draw) {
    var a = draw.below(20) - 10;
    var b = draw.oneIn(3) ? a : draw.below(20) - 10;
    return switch (draw.below(4)) {
      case 0 -> drawn(a + "<" + b + ".0", a < b);
      case 1 -> drawn(a + " >= " + b, a >= b);
      case 2 -> drawn(a + ".50 != " + b + ".5", a != b);
      default -> drawn(quoted(draw, "a" + a) + "==" + quoted(draw, "a" + b), a == b);
    };
  }

  private static Drawn drawn(String text, Object value) {
    return new Drawn(text, Optional.of(value));
  }

  private static String quoted(Draw draw, String text) {
    return draw.oneIn(2)
        ? "'" + text.replace("'", "''") + "'"
        : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  @Test
  void a_condition_means_what_its_parts_mean(TestReporter reporter) {
    Tries.of(10_000)
        .each(
            reporter,
            draw -> {
              var drawn = bool(draw, 4);
              var problems = new Problems();
              var text = draw.oneIn(2) ? drawn.text() : "${ " + drawn.text() + " }";
              var value = Expression.parse(text, AT, problems).evaluate(NAMES, problems);
              assertThat(problems.list()).as(text).isEmpty();
              assertThat(value.orElseThrow().get()).as(text).isEqualTo(drawn.value().orElseThrow());
            });
  }

  @Test
  void a_text_is_put_together_once_and_never_read_again(TestReporter reporter) {
    Tries.of(10_000)
        .each(
            reporter,
            draw -> {
              var text = new StringBuilder();
              var expected = new StringBuilder("<");
              for (var left = 1 + draw.below(5); left > 0; left--) {
                var plain = draw.text(List.of("a", "$", "{", "}", "\"", "'", "\\", "é", " "), 4);
                var safe = plain.replaceAll("\\$+(?=\\{|$)", "");
                var value = draw.oneIn(2) ? "${env.SECRET}" + plain : "'" + plain + "${x}";
                text.append(safe).append("${").append(quoted(draw, value)).append('}');
                text.append("$${").append("${ params.evil }");
                expected.append(safe).append(value).append("${").append(KNOWN.get("params.evil"));
              }
              var problems = new Problems();
              var template = Template.parse("<" + text, AT, problems);
              var value = template.evaluate(NAMES, problems);
              assertThat(problems.list()).as(text.toString()).isEmpty();
              assertThat(value.orElseThrow().get()).isEqualTo(expected.toString());
            });
  }

  @Test
  void any_text_has_a_value_or_problems_at_places_in_it(TestReporter reporter) {
    Tries.of(20_000)
        .each(
            reporter,
            draw -> {
              var text = draw.text(SIGNS, 12);
              var problems = new Problems();
              var condition = Expression.parse(text, AT, problems).evaluate(NAMES, problems);
              assertThat(condition.isPresent()).as(text).isEqualTo(problems.isEmpty());
              var others = new Problems();
              var value = Template.parse(text, AT, others).evaluate(NAMES, others);
              assertThat(value.isPresent()).as(text).isEqualTo(others.isEmpty());
              others.addAll(problems.list());
              var lines = 1 + (int) text.chars().filter(c -> c == '\n').count();
              assertThat(others.list())
                  .extracting(Problem::at)
                  .allSatisfy(at -> assertThat(at.line()).as(text).isBetween(1, lines));
            });
  }
}
