package pgrunbook.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.action.StepPath;
import pgrunbook.expression.Scope.Found;
import pgrunbook.plan.Names.StepValues;
import pgrunbook.testing.FakeAction;
import pgrunbook.testing.FakeWorld;

/** What <code>${…}</code> finds under a name, in a plan and in a run. */
class NamesTest {
  private static final String RUNBOOK =
      """
      name: test
      params: {backup: {default: latest}, jobs: {type: integer, default: 2}}
      vars:
        greeting: hello ${params.backup}
        self: ${vars.greeting}!
        tree: {a: 1}
      steps:
        - {id: one, action: fake.one}
        - {id: two, action: fake.one}
      """;

  @TempDir Path folder;
  private Names names;

  @BeforeEach
  void makeNames() {
    names = names(Optional.empty());
  }

  private Names names(Optional<String> run) {
    return Names.of(
        FakeWorld.runbook(folder, RUNBOOK),
        Map.of("backup", "latest", "jobs", 2L),
        Map.of("STAGE", "prod"),
        FakeWorld.target(folder),
        run);
  }

  private Found find(String name) {
    return names.find(Arrays.asList(name.split("\\.")));
  }

  private static ObjectNode json() {
    return JsonNodeFactory.instance.objectNode();
  }

  private void assertUnknown(String name, String what, String hint) {
    assertThat(find(name)).isInstanceOf(Found.Unknown.class);
    var unknown = (Found.Unknown) find(name);
    assertThat(unknown.what()).isEqualTo(what);
    assertThat(unknown.hint().orElse("")).contains(hint);
  }

  @Test
  void params_variables_environment_and_target_have_their_values() {
    assertThat(find("params.backup")).isEqualTo(new Found.Is("latest"));
    assertThat(find("params.jobs")).isEqualTo(new Found.Is(2L));
    assertThat(find("env.STAGE")).isEqualTo(new Found.Is("prod"));
    assertThat(find("target.database")).isEqualTo(new Found.Is("shop"));
    assertThat(find("target.environment")).isEqualTo(new Found.Is("test"));
    assertThat(find("vars.greeting")).isEqualTo(new Found.Is("hello latest"));
    assertThat(find("vars.self")).isEqualTo(new Found.Is("hello latest!"));
  }

  @Test
  void a_variable_that_is_not_set_is_absent_so_that_a_default_can_take_its_place() {
    assertThat(find("env.HOME_PAGE")).isEqualTo(new Found.Absent());
  }

  @Test
  void a_name_that_is_mistyped_is_unknown_and_the_nearest_is_named() {
    assertUnknown("params.bakcup", "unknown param 'bakcup'", "did you mean 'backup'?");
    assertUnknown("vars.greting", "unknown var 'greting'", "did you mean 'greeting'?");
    assertUnknown("target.databse", "unknown name 'target.databse'", "did you mean 'database'?");
    assertUnknown("run.di", "unknown name 'run.di'", "did you mean 'id'?");
    assertUnknown("parms.backup", "unknown name 'parms.backup'", "did you mean 'params'?");
    assertUnknown("params", "unknown name 'params'", "params");
    assertUnknown("vars.tree", "'vars.tree' is not a single value", "");
  }

  @Test
  void the_runs_id_is_known_in_a_run_only() {
    assertThat(find("run.id")).isEqualTo(new Found.Pending("‹run›", Set.of()));
    names = names(Optional.of("20260115-120000-abcd"));
    assertThat(find("run.id")).isEqualTo(new Found.Is("20260115-120000-abcd"));
  }

  @Test
  void a_step_that_comes_later_and_one_that_is_not_there_are_told_apart() {
    assertUnknown("steps.two.value", "step 'two' comes later", "earlier steps");
    assertUnknown("steps.tow.value", "unknown step 'tow'", "did you mean 'two'?");
    assertUnknown("steps.one", "'steps.one' names no output", "${steps.<id>.<output>}");
  }

  @Test
  void an_output_of_a_planned_step_is_pending_unless_it_is_certain() {
    // given
    names.put("one", new StepValues.Promised(List.of("file", "size"), Map.of("file", "b.dump")));
    // then
    assertThat(find("steps.one.file")).isEqualTo(new Found.Is("b.dump"));
    assertThat(find("steps.one.size"))
        .isEqualTo(new Found.Pending("‹steps.one.size›", Set.of("one")));
    assertUnknown("steps.one.fiel", "step 'one' yields no 'fiel'", "did you mean 'file'?");
  }

  @Test
  void a_skipped_step_has_no_outputs() {
    // given
    names.put("one", new StepValues.Skipped());
    // then
    assertThat(find("steps.one.file")).isEqualTo(new Found.Absent());
  }

  @Test
  void outputs_of_a_step_that_ran_have_the_kinds_that_they_were_journaled_with() {
    // given
    var outputs = json();
    outputs.put("file", "b.dump").put("rows", 17).put("rate", 1.5).put("ok", true);
    outputs.putArray("lost").add("the oid").add("statistics");
    names.put("one", new StepValues.Yielded(outputs));
    // then
    assertThat(find("steps.one.file")).isEqualTo(new Found.Is("b.dump"));
    assertThat(find("steps.one.rows")).isEqualTo(new Found.Is(17L));
    assertThat(find("steps.one.rate")).isEqualTo(new Found.Is(1.5));
    assertThat(find("steps.one.ok")).isEqualTo(new Found.Is(true));
    assertThat(find("steps.one.lost")).isEqualTo(new Found.Is(List.of("the oid", "statistics")));
    assertThat(find("steps.one.other")).isEqualTo(new Found.Absent());
  }

  @Test
  void only_an_undo_knows_the_intent_and_the_outputs_of_its_step() {
    // given
    assertUnknown("step.intent.first", "unknown name 'step.intent.first'", "");
    var kind = new FakeAction("fake.one").kind();
    var path = new StepPath("one");
    // when
    names = names.undoing(path, kind, Optional.empty(), Optional.empty());
    // then
    assertThat(find("step.intent.first"))
        .isEqualTo(new Found.Pending("‹one.intent.first›", Set.of("one")));
    assertUnknown("step.intent.frist", "unknown name 'step.intent.frist'", "mean 'first'?");
    // when
    var intent = Optional.of(json().put("first", 3));
    names = names.undoing(path, kind, intent, Optional.of(json()));
    // then
    assertThat(find("step.intent.first")).isEqualTo(new Found.Is(3L));
    assertThat(find("step.output.value")).isEqualTo(new Found.Absent());
  }
}
