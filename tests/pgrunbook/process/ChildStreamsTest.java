package pgrunbook.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ChildStreamsTest {
  private final Children children = new Children(System.getenv(), Duration.ofMillis(300));

  @TempDir Path folder;

  @Test
  void a_failing_writer_s_child_never_sees_the_end_of_its_input() throws Exception {
    // given: a child that survives TERM and would act on the end of its input
    var end = folder.resolve("end");
    var got = folder.resolve("got");
    var script =
        "trap '' TERM; while read -r line; do echo $line > %s; done; touch %s".formatted(got, end);
    Stdin.Writer writer =
        out -> {
          try (out) {
            out.write("first\n".getBytes(StandardCharsets.UTF_8));
            out.flush();
            Waiting.until(Duration.ofSeconds(10), () -> Files.exists(got));
            throw new IOException("the backup is damaged");
          }
        };
    // when
    assertThatThrownBy(() -> run(shell(script), Stdin.from(writer)))
        .isInstanceOf(IOException.class)
        .hasMessage("'sh' was ended: the backup is damaged");
    // then
    assertThat(got).exists();
    assertThat(end).doesNotExist();
  }

  @Test
  void input_that_the_child_did_not_want_is_no_success() throws Exception {
    var lines = "x".repeat(1_000_000);
    var finished = run(ChildCommand.of("true"), Stdin.of(lines));
    assertThat(finished.exit()).isZero();
    assertThat(finished.inputLeft()).isTrue();
    assertThat(finished.succeeded()).isFalse();
  }

  @Test
  void input_arrives_and_ends() throws Exception {
    var out = new ArrayList<String>();
    var finished =
        children.run(
            ChildCommand.of("wc", "-c"),
            Stdin.of("x".repeat(300_000)),
            out::add,
            OutputSink.none(),
            Deadline.none());
    assertThat(finished.succeeded()).isTrue();
    assertThat(out.getFirst().strip()).isEqualTo("300000");
  }

  @Test
  void a_stream_s_end_is_only_reported_when_the_child_succeeded() throws Exception {
    try (var stream = children.open(shell("echo data"))) {
      assertThat(new String(stream.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("data\n");
    }
    assertThatThrownBy(
            () -> {
              try (var stream =
                  children.open(shell("echo data; echo broken archive >&2; exit 1"))) {
                stream.readAllBytes();
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessage("'sh' ended, exit code 1: broken archive");
  }

  @Test
  void a_stream_that_is_closed_early_ends_its_child() throws Exception {
    // given
    var stream = children.open(shell("echo $$; exec yes"));
    var pid =
        Long.parseLong(
            new String(stream.readNBytes(64), StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElseThrow());
    // when
    stream.close();
    // then
    assertThat(isRunning(pid)).isFalse();
  }

  @Test
  void a_stream_s_reader_can_be_interrupted_and_its_time_can_be_over() throws Exception {
    // given
    var reading = new CountDownLatch(1);
    var ended = new CompletableFuture<Throwable>();
    var thread =
        Thread.ofPlatform()
            .start(() -> {
              try (var stream = children.open(ChildCommand.of("sleep", "1000"))) {
                reading.countDown();
                ended.complete(new AssertionError(stream.read()));
              } catch (IOException e) {
                ended.complete(e);
              }
            });
    reading.await();
    // when
    thread.interrupt();
    // then
    assertThat(ended.get(10, TimeUnit.SECONDS)).hasMessageContaining("interrupted");
    try (var stream =
        children.open(ChildCommand.of("sleep", "1000"), Deadline.in(Duration.ofMillis(100)))) {
      assertThatThrownBy(stream::read).hasMessage("'sleep' ended, its time was over");
    }
  }

  @Test
  void a_pipe_is_spoken_with_and_ends_with_its_close() throws Exception {
    var pipe = children.connect(ChildCommand.of("cat"));
    pipe.output().write(42);
    pipe.output().flush();
    assertThat(pipe.input().read()).isEqualTo(42);
    pipe.close();
    assertThat(pipe.isAlive()).isFalse();
  }

  private Finished run(ChildCommand command, Stdin stdin) throws IOException, InterruptedException {
    return children.run(
        command, stdin, OutputSink.none(), OutputSink.none(), Deadline.in(Duration.ofSeconds(20)));
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
