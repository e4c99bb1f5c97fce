package pgrunbook.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Processes that have left the group of the child that started them, as daemons do. */
@Tag("fault")
@Timeout(60)
class StraysTest {
  /** Ignores TERM, and so does a daemon of it: in a session of its own, without its parent. */
  private static final String DAEMONS =
      "trap '' TERM; (setsid sh -c \"trap '' TERM; echo \\$\\$; while :; do sleep 0.1; done\" &);"
          + " (setsid sleep 1000 & echo $!); while :; do sleep 0.1; done";

  private final Children children = new Children(System.getenv(), Duration.ofMillis(300));
  private final List<String> pids = Collections.synchronizedList(new ArrayList<>());

  @Test
  void a_time_out_ends_daemons_too() throws Exception {
    // given
    var told = new CountDownLatch(2);
    var command = ChildCommand.of("sh", "-c", DAEMONS).withAllItStarts();
    // when
    var finished =
        children.run(
            command,
            line -> tell(line, told),
            OutputSink.none(),
            Deadline.in(Duration.ofSeconds(2)));
    // then
    assertThat(finished.timedOut()).isTrue();
    assertThat(pids).hasSize(2);
    for (var pid : pids) {
      assertThat(isRunning(pid)).as(pid).isFalse();
    }
  }

  @Test
  void an_interrupt_ends_daemons_too() throws Exception {
    // given
    var told = new CountDownLatch(2);
    var command = ChildCommand.of("sh", "-c", DAEMONS).withAllItStarts();
    var thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                children.run(command, line -> tell(line, told), OutputSink.none(), Deadline.none());
              } catch (IOException | InterruptedException _) {
                // as it should
              }
            });
    assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
    // when
    thread.interrupt();
    thread.join();
    // then
    for (var pid : pids) {
      assertThat(isRunning(pid)).as(pid).isFalse();
    }
  }

  @Test
  void a_daemon_that_holds_nothing_may_stay_when_its_parent_has_ended_well() throws Exception {
    // when
    var command =
        ChildCommand.of("sh", "-c", "setsid sleep 1000 >/dev/null 2>&1 & echo $!; sleep 0.2")
            .withAllItStarts();
    var finished =
        children.run(command, pids::add, OutputSink.none(), Deadline.in(Duration.ofSeconds(30)));
    // then
    assertThat(finished.exit()).isZero();
    assertThat(isRunning(pids.getFirst())).isTrue();
    ProcessHandle.of(Long.parseLong(pids.getFirst())).ifPresent(ProcessHandle::destroyForcibly);
  }

  private void tell(String line, CountDownLatch told) {
    pids.add(line);
    told.countDown();
  }

  private static boolean isRunning(String pid) throws IOException {
    var stat = Path.of("/proc/" + pid + "/stat");
    return Files.exists(stat) && !Files.readString(stat).contains(") Z ");
  }
}
