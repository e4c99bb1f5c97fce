package pgrunbook.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ProblemsTest {
  private static final Place HERE = new Place("r.yaml", 12, 5);

  @Test
  void a_problem_says_where_what_and_what_to_try() {
    assertThat(Problem.of("unknown action 'x'", "did you mean 'y'?").orAt(HERE))
        .hasToString("r.yaml:12:5: unknown action 'x'\n  hint: did you mean 'y'?");
    assertThat(Problem.of("the disk is full")).hasToString("the disk is full");
    assertThat(Problem.of("is empty").orAt(Place.in("r.yaml"))).hasToString("r.yaml: is empty");
  }

  @Test
  void a_problem_that_knows_its_place_keeps_it() {
    var problem = Problem.of("x").orAt(HERE);
    assertThat(problem.orAt(new Place("other.yaml", 1, 1)).at()).isEqualTo(HERE);
  }

  @Test
  void the_same_problem_is_said_once_and_all_are_in_the_order_of_the_file() {
    // given
    var problems = new Problems();
    problems.add(new Place("r.yaml", 12, 9), "second");
    problems.add(new Place("r.yaml", 30, 1), "third");
    problems.add(HERE, "first");
    problems.add(HERE, "first");
    // then
    assertThat(problems.list()).hasSize(3);
    assertThat(problems.inOrder())
        .extracting(Problem::what)
        .containsExactly("first", "second", "third");
  }

  @Test
  void what_was_found_is_thrown_as_one() {
    // given
    var problems = new Problems();
    problems.throwIfAny();
    problems.add(HERE, "first");
    problems.add(HERE, "second", "try this");
    // then
    assertThatThrownBy(problems::throwIfAny)
        .isInstanceOf(InvalidInput.class)
        .hasMessage("r.yaml:12:5: first\nr.yaml:12:5: second\n  hint: try this");
  }

  @Test
  @Tag("hostile")
  void what_a_file_holds_does_not_steer_the_terminal() {
    var problem = Problem.of("unknown key '\u001b[31m\u202e\r\u009b'", "known: é\u0007\n\tx");
    assertThat(problem)
        .hasToString(
            "unknown key '\\u001b[31m\\u202e\\u000d\\u009b'\n  hint: known: é\\u0007\n\tx");
  }

  @Test
  @Tag("hostile")
  void a_hundred_thousand_problems_are_too_many_to_keep() {
    var problems = new Problems();
    for (var i = 0; i < 100_000; i++) {
      problems.add(Place.in("f.yaml"), "problem " + i);
    }
    assertThat(problems.list()).hasSize(1001);
    assertThat(problems.list().getLast().what()).isEqualTo("there are more than 1000 problems");
  }
}
