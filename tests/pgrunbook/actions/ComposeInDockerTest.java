package pgrunbook.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static pgrunbook.testing.TestWorld.journaled;
import static pgrunbook.testing.TestWorld.undoing;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import pgrunbook.action.Observed;
import pgrunbook.action.StepFailed;
import pgrunbook.compose.ComposeProject;
import pgrunbook.compose.ComposeServices;
import pgrunbook.environment.Environments;
import pgrunbook.process.Children;
import pgrunbook.process.Deadline;
import pgrunbook.service.ServiceState;
import pgrunbook.testing.TestStack;
import pgrunbook.testing.TestWorld;
import pgrunbook.testing.WithDocker;
import pgrunbook.text.Masking;
import pgrunbook.text.Problems;

/** What the actions on a Compose project rely on, with Docker's own Compose. */
@WithDocker
@Timeout(300)
class ComposeInDockerTest {
  private static TestStack stack;
  private TestWorld bare;
  private TestWorld world;

  @BeforeAll
  static void a_stack() {
    stack = TestStack.prod().up();
  }

  @AfterAll
  static void take_it_away() {
    stack.close();
  }

  @BeforeEach
  void its_services() {
    var environment =
        Environments.read(stack.folder(), "prod", Map.of(), new Problems()).orElseThrow();
    var settings = environment.compose().orElseThrow();
    var project = ComposeProject.open(settings, environment, stack.folder(), new Children());
    bare = TestWorld.in(stack.folder(), TestStack.DATABASE);
    world = bare.with(project).with(new ComposeServices(project, Masking.NONE));
  }

  @AfterEach
  void close() {
    bare.close();
    stack.compose("unpause");
    stack.up();
  }

  private ComposeExec.Input exec(String yaml) {
    return world.input(new ComposeExec(), "service: backend\n" + yaml);
  }

  private Exec.Output run(ComposeExec.Input in) throws Exception {
    return new ComposeExec().run(in, new Exec.Intent(), world.act("x"));
  }

  @Test
  void a_program_gets_variables_input_user_and_folder_and_its_exit_code_counts() throws Exception {
    // given
    var in =
        exec(
            """
            argv: [sh, -c, 'id -un; pwd; echo "$WHO"; wc -c; echo oops >&2; exit 5']
            env: {WHO: "me, $HOME"}
            user: postgres
            folder: /var/lib
            stdin: %s
            expect_exit: 5
            output: lines
            """
                .formatted("x".repeat(300_000)));
    // when
    var output = run(in);
    // then
    assertThat(output.lines().orElseThrow())
        .containsExactly("postgres", "/var/lib", "me, $HOME", "300000");
    assertThat(world.log()).contains("oops");
  }

  @Test
  void what_docker_can_not_start_it_says_in_known_words() {
    assertThatThrownBy(() -> run(exec("argv: [no-such-thing]")))
        .isInstanceOf(StepFailed.class)
        .hasMessageStartingWith("'no-such-thing' in service backend could not be started: ");
    assertThatThrownBy(() -> run(exec("argv: [ls]\nuser: nobody-here")))
        .hasMessageStartingWith("'ls' in service backend could not be started: unable to find");
    assertThatThrownBy(() -> run(exec("argv: [ls]\nfolder: /nowhere")))
        .hasMessageStartingWith("'ls' in service backend could not be started: ");
    // when
    stack.compose("pause", "backend").ok();
    // then
    assertThatThrownBy(() -> run(exec("argv: [ls]")))
        .hasMessageStartingWith("service backend is paused");
    assertThat(world.look("x").services().state("backend")).isInstanceOf(ServiceState.Partly.class);
    // when
    stack.compose("unpause", "backend").ok();
    stack.compose("stop", "backend").ok();
    // then
    assertThatThrownBy(() -> run(exec("argv: [ls]\nexpect_exit: 1")))
        .hasMessageStartingWith("service backend is not running");
  }

  @Test
  void a_program_goes_on_in_the_container_when_its_time_is_over() {
    // given
    var in = exec("argv: [sh, -c, 'rm -f /log/late; sleep 3; touch /log/late']");
    var act = world.act("x", Deadline.in(Duration.ofSeconds(1)));
    // when
    assertThatThrownBy(() -> new ComposeExec().run(in, new Exec.Intent(), act))
        .hasMessageContaining("its time was over");
    // then
    var late = stack.folder().resolve("log/late").toFile();
    assertThat(late).doesNotExist();
    stack.await("the program's end", late::exists);
  }

  @Test
  void down_removes_containers_but_no_volume_and_its_undo_brings_them_up() throws Exception {
    // given
    var postgres = stack.container("postgres");
    var backend = stack.container("backend");
    var down = new ComposeDown();
    var in = world.input(down, "{}");
    var intent = journaled(down.intend(in, Optional.empty(), world.look("down")));
    // when
    var before = down.inspect(in, intent, world.look("down"));
    var output = down.run(in, intent, world.act("down"));
    // then
    assertThat(before).isEqualTo(new Observed.NotDone<>());
    assertThat(output.stopped()).containsExactly("backend");
    assertThat(stack.container("backend")).isEmpty();
    assertThat(stack.container("postgres")).isEqualTo(postgres);
    assertThat(down.inspect(in, intent, world.look("down"))).isEqualTo(new Observed.Done<>(output));
    assertThat(down.preview(in, world.planning("down")).facts())
        .extracting(fact -> fact.name() + ": " + fact.value())
        .containsExactly("service backend: stopped, no container");
    // when
    var up = new ComposeUp();
    var call = down.undo(in, world.look("down")).orElseThrow();
    var undo = world.input(up, "services: " + call.with().get("services"), undoing(intent));
    var undone = up.intend(undo, Optional.empty(), world.look("down/undo"));
    up.run(undo, undone, world.act("down/undo"));
    // then
    assertThat(stack.isUp("backend")).isTrue();
    assertThat(stack.container("backend")).isNotEqualTo(backend);
    assertThat(stack.container("postgres")).isEqualTo(postgres);
    assertThat(world.look("x").services().detail("backend")).startsWith("healthy");
    assertThat(up.inspect(undo, undone, world.look("down/undo"))).isInstanceOf(Observed.Done.class);
  }

  @Test
  void up_replaces_a_container_whose_configuration_changed_only_where_it_may() throws Exception {
    // given
    var before = stack.container("backend");
    stack.edited("docker-compose.prod.yml", "LOG: /log/accepted.log", "LOG: /log/other.log");
    // when
    up("services: [backend]");
    // then
    assertThat(stack.container("backend")).isEqualTo(before);
    // when
    up("{services: [backend], no_recreate: false}");
    // then
    assertThat(stack.container("backend")).isNotEqualTo(before);
    stack.edited("docker-compose.prod.yml", "LOG: /log/other.log", "LOG: /log/accepted.log");
  }

  @Test
  void up_without_names_starts_what_is_stopped() throws Exception {
    stack.compose("stop", "backend").ok();
    assertThat(up("{}").started()).isEqualTo(List.of("backend"));
    assertThat(stack.isUp("backend")).isTrue();
  }

  private ComposeUp.Output up(String yaml) throws Exception {
    var up = new ComposeUp();
    var in = world.input(up, yaml);
    var intent = journaled(up.intend(in, Optional.empty(), world.look("up")));
    return up.run(in, intent, world.act("up"));
  }
}
