package pgrunbook.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.text.Masking;
import pgrunbook.text.Secret;

@Timeout(60)
class ChildrenTest {
  private final Children children = new Children(System.getenv(), Duration.ofMillis(300));

  @TempDir Path folder;

  @Test
  void a_child_s_lines_its_exit_code_and_its_last_errors_are_reported() throws Exception {
    // given
    var out = new ArrayList<String>();
    // when
    var finished = run(shell("printf 'a\\nb\\r\\nc'; seq 100 >&2; exit 7"), out::add);
    // then
    assertThat(out).containsExactly("a", "b", "c");
    assertThat(finished.exit()).isEqualTo(7);
    assertThat(finished.succeeded()).isFalse();
    assertThat(finished.errorTail()).hasSize(40).endsWith("99", "100");
    assertThat(finished.why()).isEqualTo("exit code 7: 100");
  }

  @Test
  void an_exit_code_that_arrived_before_the_connection_was_cut_counts() throws Exception {
    // given what carried it ends with 0
    var failed = shell("echo 'broken' >&2; echo 'pgrunbook: exit 3' >&2").withReceipt();
    // when
    var finished = run(failed, _ -> {});
    // then
    assertThat(finished.succeeded()).isFalse();
    assertThat(finished.why()).isEqualTo("exit code 3: broken");
    try (var stream = children.open(failed)) {
      assertThatThrownBy(stream::readAllBytes).hasMessage("'sh' ended, exit code 3: broken");
    }
    assertThat(run(shell("echo 'pgrunbook: exit 0' >&2").withReceipt(), _ -> {}).succeeded())
        .isTrue();
    assertThat(run(shell("true").withReceipt(), _ -> {}).succeeded()).isFalse();
  }

  @Test
  void arguments_arrive_as_they_are() throws Exception {
    // given
    var words =
        List.of(
            "a b",
            "",
            "$HOME",
            "\"q\"",
            "'",
            "*",
            "back\\slash",
            "über",
            "${x}",
            " a ",
            "\t",
            " ",
            "SELECT 1\n",
            "\r\nb\n\n",
            "\"a b\"",
            "'c d'",
            "");
    var argv = new ArrayList<>(List.of("printf", "<%s>\\0"));
    argv.addAll(words);
    var out = new ArrayList<String>();
    // when
    run(ChildCommand.of(argv), out::add);
    // then
    var shown = words.stream().map(word -> "<" + word + ">\0").collect(Collectors.joining());
    assertThat(String.join("\n", out)).isEqualTo(shown.replace("\r\n", "\n"));
  }

  @Test
  void a_program_with_blanks_and_backslashes_in_its_path_is_started() throws Exception {
    // given
    var program = folder.resolve(" a\\b ");
    Files.writeString(program, "#!/bin/sh\nprintf '%s' \"$1\"\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    var out = new ArrayList<String>();
    // when
    run(ChildCommand.of(program.toString(), " b "), out::add);
    // then
    assertThat(out).containsExactly(" b ");
  }

  @Test
  void the_environment_is_inherited_but_for_what_is_left_out() throws Exception {
    // given
    var inheriting =
        new Children(
            Map.of("PATH", System.getenv("PATH"), "PGSERVICE", "x", "KEPT", "y"),
            Duration.ofSeconds(1));
    var command =
        ChildCommand.of("env").without("PG").withSecret("PGPASSWORD", new Secret("geheim"));
    var out = new ArrayList<String>();
    // when
    inheriting.run(command.with("A", "1 2"), out::add, OutputSink.none(), Deadline.none());
    // then
    assertThat(out).contains("KEPT=y", "PGPASSWORD=geheim", "A=1 2").doesNotContain("PGSERVICE=x");
    assertThat(command.with("A", "1 2").shown(Masking.NONE)).isEqualTo("A='1 2' env");
    assertThat(command.toString()).doesNotContain("geheim");
  }

  @Test
  void a_program_that_is_not_there_is_named() {
    assertThatThrownBy(() -> run(ChildCommand.of("no-such-program"), _ -> {}))
        .isInstanceOf(IOException.class)
        .hasMessage("cannot run 'no-such-program': not found in PATH");
  }

  @Test
  void a_child_that_ignores_TERM_is_killed_when_its_time_is_over() throws Exception {
    var finished =
        children.run(
            shell("trap '' TERM; while :; do sleep 0.1; done"),
            OutputSink.none(),
            OutputSink.none(),
            Deadline.in(Duration.ofMillis(300)));
    assertThat(finished.timedOut()).isTrue();
    assertThat(finished.exit()).isEqualTo(137);
  }

  @Test
  void a_grandchild_that_holds_the_pipe_does_not_hold_the_run() throws Exception {
    // when
    var out = new ArrayList<String>();
    // and the child stays until its output was taken: the JDK closes a pipe that nobody reads from
    var finished = run(shell("sleep 1000 & echo $!; sleep 1"), out::add);
    // then
    assertThat(finished.exit()).isZero();
    assertThat(finished.took()).isLessThan(Duration.ofSeconds(10));
    assertThat(isRunning(Long.parseLong(out.getFirst()))).isFalse();
  }

  @Test
  void a_background_process_that_holds_nothing_may_stay_after_a_success() throws Exception {
    var out = new ArrayList<String>();
    run(shell("sleep 1000 >/dev/null 2>&1 & echo $!"), out::add);
    var pid = Long.parseLong(out.getFirst());
    assertThat(isRunning(pid)).isTrue();
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  @Test
  void an_interrupt_ends_everything_that_the_child_started_also_what_lost_its_parent()
      throws Exception {
    // given
    var pids = new LinkedBlockingQueue<Long>();
    var lostParent = "(sleep 1000 & echo $!); ";
    var command =
        shell(lostParent + "(trap '' TERM; sleep 1000 & echo $!; wait; sleep 1000) & sleep 1000");
    var ended = new CompletableFuture<Throwable>();
    var thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                run(command, line -> pids.add(Long.valueOf(line)));
              } catch (IOException | InterruptedException e) {
                ended.complete(e);
              }
            });
    var orphan = pids.poll(10, TimeUnit.SECONDS);
    var grandchild = pids.poll(10, TimeUnit.SECONDS);
    // when
    thread.interrupt();
    // then
    assertThat(ended.get(20, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    assertThat(isRunning(grandchild)).isFalse();
    assertThat(isRunning(orphan)).isFalse();
  }

  @Test
  void much_output_needs_little_memory() throws Exception {
    // given
    var bytes = new AtomicLong();
    var longest = new AtomicLong();
    var command = shell("yes | head -c 100000000; head -c 100000000 /dev/zero | tr '\\0' x");
    // when
    run(
        command,
        line -> {
          bytes.addAndGet(line.length() + 1L);
          longest.accumulateAndGet(line.length(), Math::max);
        });
    // then
    assertThat(bytes.get()).isBetween(100_000_000L, 100_100_000L);
    assertThat(longest.get()).isLessThan(70_000);
  }

  @Test
  void a_sink_that_fails_ends_the_child() {
    assertThatThrownBy(() ->
            run(
                ChildCommand.of("yes"),
                _ -> {
                  throw new IllegalStateException("no room");
                }))
        .isInstanceOf(IOException.class)
        .hasMessage("'yes' was ended: no room");
  }

  private Finished run(ChildCommand command, OutputSink out)
      throws IOException, InterruptedException {
    return children.run(command, out, OutputSink.none(), Deadline.none());
  }

  private static ChildCommand shell(String script) {
    return ChildCommand.of("sh", "-c", script);
  }

  /** A zombie, which nobody may reap in a container, does not run. */
  private static boolean isRunning(long pid) throws IOException {
    var stat = Path.of("/proc/" + pid + "/stat");
    return Files.exists(stat) && !Files.readString(stat).contains(") Z ");
  }
}
