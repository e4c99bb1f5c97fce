package pgrunbook.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static pgrunbook.testing.TestWorld.journaled;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.action.Claim;
import pgrunbook.action.Effect;
import pgrunbook.action.Observed;
import pgrunbook.action.StepFailed;
import pgrunbook.compose.SimulatedCompose;
import pgrunbook.expression.Scope;
import pgrunbook.process.Deadline;
import pgrunbook.process.Finished;
import pgrunbook.testing.ScriptedCompose;
import pgrunbook.testing.TestWorld;
import pgrunbook.text.Masking;
import pgrunbook.text.Problem;
import pgrunbook.text.Secret;

class ComposeExecTest {
  private final ComposeExec action = new ComposeExec();
  private ScriptedCompose compose;
  private TestWorld bare;
  private TestWorld world;

  @BeforeEach
  void a_project_whose_backend_runs(@TempDir Path folder) {
    compose = new ScriptedCompose(folder.resolve("compose")).up("backend");
    bare = TestWorld.in(folder, "app");
    world = bare.with(compose).with(compose.states());
  }

  @AfterEach
  void close() {
    bare.close();
  }

  private ComposeExec.Input exec(String yaml) {
    return world.input(action, yaml);
  }

  private Exec.Output run(ComposeExec.Input in) throws Exception {
    var intent = journaled(action.intend(in, Optional.empty(), world.look("x")));
    return action.run(in, intent, world.act("x"));
  }

  private List<String> problems(String yaml) {
    return action.preview(exec(yaml), world.planning("x")).problems().stream()
        .map(Problem::what)
        .toList();
  }

  @Test
  void a_plan_shows_the_command_and_the_state_and_runs_nothing() {
    // given
    var in =
        exec(
            """
            service: backend
            argv: [touch, made here]
            env: {A: b c, B: d}
            user: www-data
            folder: /srv
            stdin: hello
            """);
    // when
    var preview = action.preview(in, world.planning("x"));
    // then
    assertThat(preview.effect()).isEqualTo(Effect.UNDETERMINED);
    assertThat(preview.problems()).isEmpty();
    assertThat(preview.warnings()).isEmpty();
    assertThat(preview.commands())
        .containsExactly(
            "A='b c' B=d ./compose exec -T --user www-data --workdir /srv --env A --env B"
                + " backend touch 'made here'");
    assertThat(preview.facts())
        .extracting(fact -> fact.name() + ": " + fact.value())
        .containsExactly("stdin: hello", "service backend: running, healthy, restart: always");
    assertThat(compose.calls()).isEmpty();
  }

  @Test
  void an_environment_without_compose_is_a_problem() {
    var preview = action.preview(exec("service: backend\nargv: [ls]"), bare.planning("x"));
    assertThat(preview.problems())
        .singleElement()
        .hasToString(
            "the environment has no Compose project\n  hint: add 'compose: {file: …}' to its file,"
                + " or use exec, which runs programs beside pgrunbook");
    assertThat(preview.commands()).isEmpty();
  }

  @Test
  void a_service_that_nobody_knows_is_a_problem_with_what_was_meant() {
    var preview = action.preview(exec("service: bakend\nargv: [ls]"), world.planning("x"));
    assertThat(preview.problems())
        .singleElement()
        .hasToString("unknown service 'bakend'\n  hint: did you mean 'backend'?");
  }

  @Test
  void a_service_that_does_not_run_yet_is_a_warning() {
    // given
    var in = exec("service: worker\nargv: [ls]");
    // then
    assertThat(action.preview(in, world.planning("x")).warnings())
        .containsExactly("service worker does not run now; a step before this one has to start it");
    // when
    compose.partly("worker", "paused");
    // then
    var partly = action.preview(in, world.planning("x"));
    assertThat(partly.warnings()).hasSize(1);
    assertThat(partly.facts()).extracting(f -> f.value()).containsExactly("partly running: paused");
    // when
    compose.unclear("worker");
    // then
    var unclear = action.preview(in, world.planning("x"));
    assertThat(unclear.warnings()).isEmpty();
    assertThat(unclear.unknown()).containsExactly("whether service worker runs: no answer");
  }

  @Test
  void a_service_that_an_earlier_step_stops_is_a_warning() {
    // given
    var stopped = world.holding(new Claim.Owes("service:backend", "service backend is stopped"));
    // when
    var preview = action.preview(exec("service: backend\nargv: [ls]"), stopped.planning("x"));
    // then
    assertThat(preview.warnings())
        .containsExactly("a step before this one stops service backend, and none starts it again");
  }

  @Test
  void a_secret_in_the_arguments_is_a_problem_and_is_not_shown() {
    // given
    var masked = world.with(new Masking(List.of(new Secret("geheim"))));
    var in = exec("service: backend\nargv: [ls, -pgeheim]\nenv: {P: geheim}");
    // when
    var preview = action.preview(in, masked.planning("x"));
    // then
    assertThat(preview.problems()).hasSize(1);
    assertThat(preview.toString()).doesNotContain("geheim").contains("P=*** ./compose exec");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PATH", "HOME", "DOCKER_HOST", "COMPOSE_FILE", "LD_PRELOAD"})
  void a_variable_that_docker_would_take_itself_is_a_problem(String name) {
    assertThat(problems("{service: backend, argv: [ls], env: {" + name + ": x}}"))
        .containsExactly("docker itself would take the variable " + name);
  }

  @Test
  void a_variable_that_can_have_no_such_name_is_a_problem() {
    assertThat(problems("{service: backend, argv: [ls], env: {'a=b': x}}"))
        .containsExactly("'a=b' can't be the name of a variable");
  }

  @Test
  void a_destructive_program_needs_a_way_back_or_a_reason() {
    // given
    var yaml = "service: backend\nargv: [ls]\neffect: destructive\n";
    // when
    var bareOne = action.preview(exec(yaml), world.planning("x"));
    var excused = action.preview(exec(yaml + "no_way_back: a cache"), world.planning("x"));
    // then
    assertThat(bareOne.needs()).containsExactly(new Claim.WayBack("app"));
    assertThat(excused.needs()).isEmpty();
    assertThat(excused.warnings()).containsExactly("no way back: a cache");
  }

  @Test
  void words_that_only_a_run_can_know_are_shown_so() {
    // given
    Scope scope = _ -> new Scope.Found.Pending("‹steps.a.b›", java.util.Set.of("a"));
    var in = world.input(action, "service: backend\nargv: [ls, '${steps.a.b}']", scope);
    // then
    assertThat(action.preview(in, world.planning("x")).commands())
        .containsExactly("./compose exec -T backend ls '‹steps.a.b›'");
  }

  @Test
  void it_runs_with_its_variables_and_its_input_and_no_argument_shows_a_value() throws Exception {
    // given
    var in =
        exec(
            """
            service: backend
            argv: [sh, -c, 'pwd; echo $WHO; cat; echo oops >&2']
            folder: /
            env: {WHO: me too}
            stdin: hi
            output: lines
            """);
    // when
    var output = run(in);
    // then
    assertThat(output.lines().orElseThrow()).containsExactly("/", "me too", "hi");
    assertThat(world.log()).contains("me too", "hi", "oops");
    assertThat(compose.calls())
        .singleElement(STRING)
        .startsWith("exec -T --workdir / --env WHO backend sh -c ")
        .endsWith(" sh -c pwd; echo $WHO; cat; echo oops >&2");
    assertThat(world.log()).noneMatch(line -> line.contains("pgrunbook: exit"));
    assertThat(journaled(output)).isEqualTo(output);
  }

  @Test
  void another_exit_code_fails_the_step_with_the_last_words() throws Exception {
    // given
    var script = "argv: [sh, -c, 'echo first >&2; echo last >&2; exit 4']";
    // then
    assertThatThrownBy(() -> run(exec("service: backend\n" + script)))
        .isInstanceOf(StepFailed.class)
        .hasMessage("'sh' in service backend failed: exit code 4: last");
    assertThat(run(exec("service: backend\nexpect_exit: 4\n" + script)).exit()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void a_service_that_does_not_run_fails_the_step_whatever_was_expected(int expected) {
    // given
    var in = exec("service: worker\nargv: [ls]\nexpect_exit: " + expected);
    // then
    assertThatThrownBy(() -> run(in))
        .isInstanceOf(StepFailed.class)
        .hasMessage("service worker is not running, so 'ls' in service worker was not started")
        .extracting("hint", type(Optional.class))
        .isEqualTo(Optional.of("start it in a step before this one: service.start or compose.up"));
  }

  @Test
  void an_exec_that_docker_ends_without_the_program_is_no_success_and_no_certain_failure() {
    // given
    compose.cut();
    // then
    assertThatThrownBy(() -> run(exec("service: backend\nargv: ['true']")))
        .isInstanceOf(StepFailed.class)
        .hasMessage(
            "nobody knows how 'true' in service backend ended:"
                + " the connection to it was lost, it may still run")
        .extracting("certain")
        .isEqualTo(false);
  }

  @Test
  void a_program_that_is_not_there_fails_the_step_in_clear_words() {
    var in = exec("service: backend\nargv: [no-such-thing]\nexpect_exit: 126");
    assertThatThrownBy(() -> run(in))
        .isInstanceOf(StepFailed.class)
        .hasMessage("'no-such-thing' in service backend could not be started: not found");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1   | Error response from daemon: Container 50 is paused, unpause the container before exec"
            + " | service backend is paused, so 'p' was not started",
        "1   | Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?"
            + " | docker could not run 'p', or lost it: Cannot connect to the Docker daemon at unix:///x."
            + " Is the docker daemon running?",
        "1   | ERROR: No container found for backend_1"
            + " | service backend is not running, so 'p' was not started",
        "125 | unknown flag | docker could not run 'p': exit code 125: unknown flag",
        "126 | unable to find user x: no matching entries in passwd file"
            + " | 'p' could not be started: unable to find user x: no matching entries in passwd"
            + " file"
      })
  void what_docker_says_itself_is_told_from_what_a_program_says(
      int exit, String line, String what) {
    // given
    var finished = new Finished(exit, false, false, true, List.of("warning", line), Duration.ZERO);
    // when
    var failed = DockerFailure.of("'p'", "backend", finished, "", Masking.NONE);
    // then
    assertThat(failed.orElseThrow()).hasMessage(what);
    assertThat(failed.orElseThrow().hint()).isPresent();
  }

  @Test
  void a_program_that_failed_or_did_not_is_not_blamed_on_docker() {
    var failed = new Finished(1, false, false, true, List.of("out of luck"), Duration.ZERO);
    var fine =
        new Finished(
            0, false, false, true, List.of("Error response from daemon: x"), Duration.ZERO);
    assertThat(DockerFailure.of("'p'", "backend", failed, "", Masking.NONE)).isEmpty();
    assertThat(DockerFailure.of("'p'", "backend", fine, "", Masking.NONE)).isEmpty();
  }

  @Test
  void after_a_time_out_the_program_may_still_run() {
    var in = exec("service: backend\nargv: [sleep, '60']");
    var act = world.act("x", Deadline.in(Duration.ofMillis(300)));
    assertThatThrownBy(() -> action.run(in, new Exec.Intent(), act))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("'sleep' in service backend failed: ended because its time was over")
        .extracting("hint", type(Optional.class))
        .asString()
        .contains("it may still run in the container");
  }

  @Test
  void after_a_crash_nobody_can_tell_whether_it_ran_unless_it_may_run_twice() {
    // given
    var yaml = "service: backend\nargv: [ls]\n";
    // then
    assertThat(action.inspect(exec(yaml), new Exec.Intent(), world.look("x")))
        .isInstanceOf(Observed.Unknown.class);
    for (var key : List.of("repeatable: true", "effect: read_only")) {
      assertThat(action.inspect(exec(yaml + key), new Exec.Intent(), world.look("x")))
          .isEqualTo(new Observed.NotDone<>());
    }
  }

  @Test
  void a_rehearsal_shows_it_and_runs_nothing() throws Exception {
    // given
    var rehearsal = bare.with(new SimulatedCompose("postgres"));
    var in = exec("service: any\nargv: [no-such-thing]\nexpect_exit: 3\noutput: lines");
    // when
    var preview = action.preview(in, rehearsal.planning("x"));
    var output = action.run(in, new Exec.Intent(), rehearsal.act("x"));
    // then
    var command = "(simulated) docker compose exec -T any no-such-thing";
    assertThat(preview.problems()).isEmpty();
    assertThat(preview.commands()).containsExactly(command);
    assertThat(output).isEqualTo(new Exec.Output(3, Optional.empty(), Optional.of(List.of())));
    assertThat(bare.log()).containsExactly("not run: " + command);
    assertThat(action.inspect(in, new Exec.Intent(), rehearsal.look("x")))
        .isEqualTo(new Observed.NotDone<>());
  }
}
