package pgrunbook.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static pgrunbook.testing.TestWorld.journaled;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pgrunbook.action.Claim;
import pgrunbook.action.Effect;
import pgrunbook.action.Observed;
import pgrunbook.action.StepFailed;
import pgrunbook.expression.Scope;
import pgrunbook.process.Deadline;
import pgrunbook.testing.TestWorld;
import pgrunbook.text.Masking;
import pgrunbook.text.Secret;

class ExecTest {
  private final Exec action = new Exec();
  private Path project;
  private TestWorld world;

  @BeforeEach
  void a_project(@TempDir Path folder) {
    project = folder;
    world = TestWorld.in(folder, "app");
  }

  @AfterEach
  void close() {
    world.close();
  }

  private Exec.Input exec(String yaml) {
    return world.input(action, yaml);
  }

  private Exec.Output run(Exec.Input in) throws Exception {
    var intent = journaled(action.intend(in, Optional.empty(), world.look("x")));
    return action.run(in, intent, world.act("x"));
  }

  @Test
  void a_plan_shows_the_command_and_runs_nothing() {
    // given
    var in = exec("argv: [touch, made here]\nenv: {A: b c}\nstdin: hello");
    // when
    var preview = action.preview(in, world.planning("x"));
    // then
    assertThat(preview.effect()).isEqualTo(Effect.UNDETERMINED);
    assertThat(preview.problems()).isEmpty();
    assertThat(preview.commands()).containsExactly("A='b c' touch 'made here'");
    assertThat(preview.facts()).extracting(fact -> fact.value()).containsExactly("hello");
    assertThat(project.resolve("made here")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "argv: [no-such-thing] | there is no program 'no-such-thing'",
        "argv: [./missing.sh]  | there is no program './missing.sh'",
        "argv: [backups/]      | there is no program 'backups/'",
        "argv: ['ls -l']       | there is no program 'ls -l'",
        "{argv: [ls], env: {PATH: /nowhere}} | there is no program 'ls'"
      })
  void a_program_that_is_not_there_is_a_problem_before_the_run(String yaml, String what) {
    var preview = action.preview(exec(yaml), world.planning("x"));
    assertThat(preview.problems()).extracting(p -> p.what()).containsExactly(what);
    assertThat(preview.problems()).allMatch(p -> p.hint().isPresent());
  }

  @Test
  void a_folder_that_is_not_there_is_a_problem() {
    var preview = action.preview(exec("argv: [ls]\nfolder: nowhere"), world.planning("x"));
    assertThat(preview.problems())
        .extracting(p -> p.what())
        .containsExactly("there is no folder " + project.resolve("nowhere"));
  }

  @Test
  void a_program_that_only_a_run_can_know_is_shown_so() {
    // given
    Scope scope = _ -> new Scope.Found.Pending("‹steps.a.b›", Set.of("a"));
    var in = world.input(action, "argv: ['${steps.a.b}', x]", scope);
    // when
    var preview = action.preview(in, world.planning("x"));
    // then
    assertThat(preview.unknown()).containsExactly("whether there is a program ‹steps.a.b›");
    assertThat(preview.commands()).containsExactly("'‹steps.a.b›' x");
  }

  @Test
  void a_secret_in_the_arguments_is_a_problem_and_is_not_shown() {
    // given
    var masked = world.with(new Masking(List.of(new Secret("geheim"))));
    // when
    var preview =
        action.preview(exec("argv: [ls, -pgeheim]\nenv: {P: geheim}"), masked.planning("x"));
    // then
    assertThat(preview.problems()).hasSize(1);
    assertThat(preview.toString()).doesNotContain("geheim").contains("P=*** ls -p***");
  }

  @Test
  void a_destructive_program_needs_a_way_back_or_a_reason() {
    // when
    var bare = action.preview(exec("argv: [ls]\neffect: destructive"), world.planning("x"));
    var excused =
        action.preview(
            exec("argv: [ls]\neffect: destructive\nno_way_back: scratch data"),
            world.planning("x"));
    // then
    assertThat(bare.needs()).containsExactly(new Claim.WayBack("app"));
    assertThat(excused.needs()).isEmpty();
    assertThat(excused.warnings()).containsExactly("no way back: scratch data");
  }

  @Test
  void no_shell_reads_the_arguments() throws Exception {
    var output = run(exec("argv: [echo, '$HOME; `id`', '*']\noutput: text"));
    assertThat(output)
        .isEqualTo(new Exec.Output(0, Optional.of("$HOME; `id` *"), Optional.empty()));
  }

  @Test
  void it_runs_in_its_folder_with_its_variables_and_its_input() throws Exception {
    // given
    Files.createDirectory(project.resolve("sub"));
    var script = "pwd; echo $WHO; cat; echo oops >&2";
    var in =
        exec(
            "argv: [sh, -c, '%s']\nfolder: sub\nenv: {WHO: me}\nstdin: hi\noutput: lines"
                .formatted(script));
    // when
    var output = run(in);
    // then
    assertThat(output.lines().orElseThrow())
        .containsExactly(project.resolve("sub").toRealPath().toString(), "me", "hi");
    assertThat(world.log()).contains("me", "hi", "oops");
    assertThat(journaled(output)).isEqualTo(output);
  }

  @Test
  void without_output_nothing_is_kept() throws Exception {
    var output = run(exec("argv: [echo, hi]"));
    assertThat(output).isEqualTo(new Exec.Output(0, Optional.empty(), Optional.empty()));
    assertThat(journaled(output)).isEqualTo(output);
  }

  @Test
  void another_exit_code_fails_the_step_with_the_last_words() {
    var in = exec("argv: [sh, -c, 'echo first >&2; echo last >&2; exit 4']");
    assertThatThrownBy(() -> run(in))
        .isInstanceOf(StepFailed.class)
        .hasMessage("'sh' failed: exit code 4: last");
  }

  @Test
  void the_exit_code_that_is_expected_is_success_and_0_is_not() throws Exception {
    assertThat(run(exec("argv: [sh, -c, 'exit 4']\nexpect_exit: 4")).exit()).isEqualTo(4);
    assertThatThrownBy(() -> run(exec("argv: ['true']\nexpect_exit: 4")))
        .isInstanceOf(StepFailed.class)
        .hasMessage("'true' failed: exit code 0 (expected 4)");
  }

  @Test
  void a_program_that_takes_too_long_is_ended() {
    var in = exec("argv: [sleep, '60']");
    var act = world.act("x", Deadline.in(Duration.ofMillis(300)));
    assertThatThrownBy(() -> action.run(in, new Exec.Intent(), act))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("its time was over");
  }

  @Test
  void more_output_than_a_value_may_have_fails_the_step() {
    var in = exec("argv: [seq, '100000']\noutput: text");
    assertThatThrownBy(() -> run(in)).isInstanceOf(StepFailed.class).hasMessageContaining("64 KB");
  }

  @Test
  void after_a_crash_nobody_can_tell_whether_it_ran() {
    var in = exec("argv: [ls]");
    assertThat(action.inspect(in, new Exec.Intent(), world.look("x")))
        .isInstanceOf(Observed.Unknown.class);
  }

  @ParameterizedTest
  @CsvSource({"repeatable: true", "effect: read_only"})
  void after_a_crash_what_may_run_twice_runs_again(String key) throws Exception {
    // given
    var in = exec("argv: [sh, -c, 'echo x >> count']\n" + key);
    run(in);
    // when
    var observed = action.inspect(in, new Exec.Intent(), world.look("x"));
    run(in);
    // then
    assertThat(observed).isEqualTo(new Observed.NotDone<>());
    assertThat(project.resolve("count")).hasContent("x\nx");
  }

  @Test
  void what_a_program_prints_is_given_on_without_secrets() throws Exception {
    // given
    var masked = world.with(new Masking(List.of(new Secret("geheim"))));
    for (var output : List.of("text", "lines")) {
      var in = exec("{argv: [cat], stdin: pw is geheim, output: " + output + "}");
      // when
      var found = action.run(in, new Exec.Intent(), masked.act("x"));
      // then
      assertThat(found.toString()).contains("pw is ***").doesNotContain("geheim");
    }
  }
}
