package pgrunbook.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.action.Action;
import pgrunbook.action.Call;
import pgrunbook.action.Claim;
import pgrunbook.action.Effect;
import pgrunbook.action.Preview;
import pgrunbook.action.Progress;
import pgrunbook.action.Registry;
import pgrunbook.plan.PlannedStep.Condition;
import pgrunbook.testing.FakeAction;
import pgrunbook.testing.FakeCluster;
import pgrunbook.testing.FakeWorld;
import pgrunbook.text.Masking;
import pgrunbook.text.Problem;

/** What becomes of a runbook, params and previews in a plan. */
class PlannerTest {
  private static final String ONE = "  - {id: one, action: fake.one}\n";

  @TempDir Path folder;
  private final List<Action<?, ?, ?>> actions = new ArrayList<>();
  private String head = "";
  private Map<String, Object> params = Map.of();
  private Map<String, String> env = Map.of();
  private String environment = "name: test\n";
  private TargetFacts facts = FakeWorld.facts();

  private FakeAction action(String name) {
    var action = new FakeAction(name);
    actions.add(action);
    return action;
  }

  private FakeAction action(String name, Consumer<Preview.Builder> sees) {
    return action(name).sees(sees);
  }

  private Plan plan(String steps) {
    var runbook = FakeWorld.runbook(folder, "name: test\n" + head + "steps:\n" + steps);
    var request =
        new Planner.Request(runbook, FakeWorld.target(folder), facts, params, env, environment, "");
    var world = FakeWorld.in(folder, new FakeCluster());
    return new Planner(new Registry(actions), world, Progress.NONE).plan(request);
  }

  private static SavedPlan saved(Plan plan) {
    try {
      var json = PlanJson.of(plan, Masking.NONE).toPrettyString();
      return SavedPlan.read(new ObjectMapper().readTree(json));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> said(Plan plan) {
    return plan.problems().stream().map(Problem::toString).toList();
  }

  @Test
  void what_only_a_run_can_know_is_shown_as_such() {
    // given
    action("fake.one");
    // when
    var plan =
        plan(
            """
              - {id: one, action: fake.one}
              - {id: two, action: fake.one, with: {value: "in ${steps.one.value}"}}
            """);
    // then
    assertThat(plan.problems()).isEmpty();
    var two = plan.steps().getLast();
    assertThat(two.with().path("value").asText()).isEqualTo("in ‹steps.one.value›");
    assertThat(two.preview().commands()).containsExactly("fake.one in ‹steps.one.value›");
  }

  @Test
  void an_output_that_is_certain_already_is_shown_as_its_value() {
    // given
    action("fake.one", preview -> preview.foresees("value", "b.dump"));
    action("fake.two");
    // when
    var plan =
        plan(
            """
              - {id: one, action: fake.one}
              - {id: two, action: fake.two, with: {early: "${steps.one.value}"}}
            """);
    // then
    assertThat(plan.problems()).isEmpty();
    assertThat(plan.steps().getLast().with().path("early").asText()).isEqualTo("b.dump");
  }

  @Test
  void what_must_be_known_before_a_run_cannot_come_from_a_step() {
    // given
    action("fake.one");
    // when
    var plan =
        plan(
            """
              - {id: one, action: fake.one}
              - {id: two, action: fake.one, with: {early: "${steps.one.value}"}}
            """);
    // then
    assertThat(said(plan))
        .singleElement()
        .asString()
        .contains("'early' must be known before the run", "‹steps.one.value›");
  }

  @Test
  void problems_of_several_steps_are_found_at_once_each_with_its_place() {
    // given
    action("fake.one", preview -> preview.problem("the disk is full", "free some space"));
    action("fake.two").with(Effect.DESTRUCTIVE).sees(it -> it.needs(new Claim.WayBack("shop")));
    // when
    var plan =
        plan(
            """
              - {id: one, action: fake.one}
              - {id: two, action: fake.two, with: {value: "${steps.one.valeu}"}}
              - {id: three, action: fake.tow}
              - {id: four, action: fake.two}
            """);
    // then
    assertThat(said(plan))
        .satisfiesExactly(
            disk -> assertThat(disk).startsWith("test.yaml:3:5: the disk is full"),
            output -> assertThat(output).contains(":4:", "yields no 'valeu'", "mean 'value'?"),
            unknown -> assertThat(unknown).contains(":5:", "'fake.tow'", "mean 'fake.two'?"),
            way -> assertThat(way).contains(":6:", "step 'four' needs a way back for shop"));
  }

  @Test
  void a_step_whose_when_is_false_is_skipped_and_has_no_outputs() {
    // given
    head = "params: {large: {type: boolean, default: false}}\n";
    params = Map.of("large", false);
    action("fake.one", preview -> preview.problem("never looked at", "really"));
    action("fake.two");
    // when
    var plan =
        plan(
            """
              - {id: one, action: fake.one, when: params.large}
              - {id: two, action: fake.two, with: {value: "${steps.one.value ?? 'none'}"}}
              - {id: three, action: fake.two, with: {value: "${steps.one.value}"}}
            """);
    // then
    assertThat(plan.steps().getFirst().condition()).isEqualTo(Condition.SKIPPED);
    assertThat(plan.steps().get(1).with().path("value").asText()).isEqualTo("none");
    assertThat(said(plan))
        .singleElement()
        .asString()
        .contains("'steps.one.value' has no value", "give a default");
  }

  @Test
  void a_step_whose_when_waits_for_another_one_leaves_nothing_to_rely_on() {
    // given
    action("fake.one");
    action("fake.backup", it -> it.leaves(new Claim.SafetyBackup("shop", "b.dump")));
    action("fake.drop", it -> it.needs(new Claim.WayBack("shop")));
    // when
    var plan =
        plan(
            """
              - {id: one, action: fake.one}
              - {id: backup, action: fake.backup, when: steps.one.value == 'large'}
              - {id: drop, action: fake.drop}
            """);
    // then
    assertThat(plan.steps().get(1).condition()).isEqualTo(Condition.DEPENDS);
    assertThat(said(plan)).singleElement().asString().contains("step 'drop' needs a way back");
  }

  private static final Claim.Owes STOPPED = new Claim.Owes("backend", "backend is stopped");

  @Test
  void a_step_that_may_fail_while_the_run_goes_on_leaves_no_way_back_either() {
    // given
    action("fake.backup", it -> it.leaves(new Claim.SafetyBackup("shop", "b.dump")));
    action("fake.drop", it -> it.needs(new Claim.WayBack("shop")));
    // when
    var plan =
        plan(
            """
              - {id: backup, action: fake.backup, on_failure: continue}
              - {id: drop, action: fake.drop}
            """);
    // then
    assertThat(said(plan)).singleElement().asString().contains("step 'drop' needs a way back");
  }

  @Test
  void what_a_run_takes_and_does_not_give_back_is_owed_at_its_end() {
    // given
    action("fake.stop", preview -> preview.leaves(STOPPED));
    action("fake.start", preview -> preview.leaves(new Claim.Pays("backend")));
    var stop = "  - {id: stop, action: fake.stop}\n";
    // then
    assertThat(plan(stop).owedAtEnd()).containsExactly(STOPPED);
    assertThat(plan(stop + "  - {id: start, action: fake.start}\n").owedAtEnd()).isEmpty();
  }

  @Test
  void what_may_not_be_given_back_is_owed_at_the_end() {
    // given
    action("fake.one");
    action("fake.stop", preview -> preview.leaves(STOPPED));
    action("fake.start", preview -> preview.leaves(new Claim.Pays("backend")));
    // when
    var plan =
        plan(
            """
              - {id: one, action: fake.one}
              - {id: stop, action: fake.stop}
              - {id: start, action: fake.start, when: steps.one.value == 'x'}
            """);
    // then
    assertThat(plan.owedAtEnd()).containsExactly(STOPPED);
  }

  @Test
  void a_precondition_that_does_not_hold_is_a_problem() {
    // given
    head =
        """
        preconditions:
          - {that: env.STAGE == 'prod', message: only production has customers}
          - {that: target.database == 'shop', message: this is about shop}
        """;
    env = Map.of("STAGE", "dev");
    action("fake.one");
    // then
    assertThat(said(plan(ONE)))
        .containsExactly("test.yaml:3:5: precondition: only production has customers");
  }

  @Test
  void the_way_back_of_a_step_is_bound_and_previewed_in_the_plan() {
    // given
    var call = new Call("fake.undo", Map.of("value", "${step.intent.first}"));
    action("fake.one").undoneBy(call.when("step.intent.first == 1"));
    action("fake.undo");
    // when
    var undo = plan(ONE).steps().getFirst().undo().orElseThrow();
    // then
    assertThat(undo.action()).isEqualTo("fake.undo");
    assertThat(undo.commands()).containsExactly("fake.undo ‹one.intent.first›");
    assertThat(saved(plan(ONE)).steps().get("one").undo())
        .contains(call.when("step.intent.first == 1"));
  }

  @Test
  void a_mistake_in_a_written_undo_is_found_by_the_plan() {
    // given
    action("fake.one");
    // when
    var plan =
        plan(
            """
              - id: one
                action: fake.one
                undo: {action: fake.one, with: {value: "${steps.one.valeu}"}}
            """);
    // then
    assertThat(said(plan)).singleElement().asString().contains("yields no 'valeu'");
  }

  @Test
  void the_digest_is_the_same_as_long_as_nothing_it_was_made_from_changes() {
    // given
    var action = action("fake.one", preview -> preview.fact("size", 1).identity("oid", 7));
    var digest = plan(ONE).digest();
    // then: what only informs may change
    action.sees(preview -> preview.fact("size", 2).identity("oid", 7).warning("somebody is in"));
    facts = sized(99);
    assertThat(plan(ONE).digest()).isEqualTo(digest).hasSize(16);
  }

  private static TargetFacts sized(long bytes) {
    var facts = FakeWorld.facts();
    return new TargetFacts(
        facts.environment(),
        facts.database(),
        facts.isProtected(),
        facts.server(),
        facts.systemIdentifier(),
        facts.user(),
        facts.backups(),
        facts.oid(),
        Optional.of(bytes));
  }

  @Test
  void the_digest_changes_with_everything_that_a_run_depends_on() {
    // given
    head = "params: {x: {default: a}}\n";
    params = Map.of("x", "a");
    var action = action("fake.one", preview -> preview.identity("oid", 7));
    var first = plan(ONE);
    var digests = new ArrayList<>(List.of(first.digest()));
    // when
    params = Map.of("x", "b");
    digests.add(plan(ONE).digest());
    environment = "name: test\nprotected: true\n";
    digests.add(plan(ONE).digest());
    action.sees(preview -> preview.identity("oid", 8));
    digests.add(plan(ONE).digest());
    action.sees(preview -> preview.identity("oid", 8).command("DROP DATABASE shop"));
    digests.add(plan(ONE).digest());
    action.with(Effect.DESTRUCTIVE);
    digests.add(plan(ONE).digest());
    digests.add(plan(ONE + "  - {id: two, action: fake.one}\n").digest());
    // then
    assertThat(digests).doesNotHaveDuplicates();
  }

  @Test
  void a_saved_plan_is_what_the_plan_was() {
    // given
    List<Claim> claims =
        List.of(
            new Claim.BackupVerified("b.dump", "abc"),
            new Claim.SafetyBackup("shop", "‹steps.b.file›"),
            new Claim.OldKept("shop"),
            new Claim.WayBack("shop"),
            new Claim.DatabaseEmpty("x"),
            new Claim.Restored("x"),
            new Claim.ContentVerified("x"),
            STOPPED,
            new Claim.Pays("other"));
    action(
        "fake.one",
        preview -> {
          claims.forEach(preview::leaves);
          preview.identity("oid", 7).fact("size", "12 MB").foresees("value", "b.dump");
        });
    action("fake.two");
    // when
    var plan = plan(ONE + "  - {id: two, action: fake.two}\n");
    var saved = saved(plan);
    // then
    assertThat(saved.digest()).isEqualTo(plan.digest());
    assertThat(saved.target()).isEqualTo(plan.target());
    assertThat(saved.madeFrom()).isEqualTo(plan.madeFrom());
    var one = saved.steps().get("one");
    var preview = plan.steps().getFirst().preview();
    assertThat(one.leaves()).isEqualTo(claims);
    assertThat(one.effect()).isEqualTo(preview.effect());
    assertThat(one.facts()).isEqualTo(preview.facts());
    assertThat(one.foreseen()).isEqualTo(preview.foreseen());
    assertThat(saved.steps().get("two").held()).isEqualTo(plan.steps().getLast().held());
    assertThat(saved.differences(plan)).isEmpty();
  }

  @Test
  void what_differs_from_a_saved_plan_is_named_with_both_values() {
    // given
    var action = action("fake.one", preview -> preview.identity("sha256", "abc"));
    var saved = saved(plan(ONE));
    action.sees(preview -> preview.identity("sha256", "def"));
    environment = "name: test\nprotected: true\n";
    // when
    var differences = saved.differences(plan(ONE));
    // then
    assertThat(differences)
        .satisfiesExactly(
            file -> assertThat(file).startsWith("environment was "),
            sum -> assertThat(sum).isEqualTo("step one, sha256 was abc, is def"));
  }

  @Test
  void commands_that_became_others_differ_too() {
    // given
    var action = action("fake.one");
    var saved = saved(plan(ONE));
    action.sees(preview -> preview.command("rm -r /"));
    // then
    assertThat(saved.differences(plan(ONE))).containsExactly("the commands of the steps differ");
  }

  @Test
  void secrets_are_in_no_plan_and_in_no_saved_one() {
    // given
    head = "params: {token: {secret: true}, x: {default: y}}\n";
    params = Map.of("token", "canary-5ecret", "x", "y");
    action("fake.one");
    var masking = new Masking(List.of(new pgrunbook.text.Secret("canary-5ecret")));
    // when
    var plan = plan("  - {id: one, action: fake.one, with: {value: '${params.token}'}}\n");
    // then
    assertThat(plan.params()).containsEntry("token", "***").containsEntry("x", "y");
    assertThat(PlanJson.of(plan, masking).toString()).doesNotContain("canary-5ecret");
  }

  @Test
  void a_check_without_any_target_finds_what_can_be_found_without_one() {
    // given
    action("fake.one");
    var runbook =
        FakeWorld.runbook(
            folder,
            """
            name: test
            steps:
              - {id: one, action: fake.one, with: {valeu: x}}
              - {id: two, action: fake.oen}
              - {id: three, action: fake.one, when: steps.one.valeu == 'x'}
              - id: four
                action: fake.one
                undo: {action: fake.one, with: {value: "${steps.four.valeu}"}}
            """);
    // when
    var problems =
        Planner.check(new Registry(actions), runbook, Map.of(), Map.of(), FakeWorld.target(folder));
    // then
    assertThat(problems).extracting(problem -> problem.at().line()).containsExactly(3, 4, 5, 8);
  }
}
