package pgrunbook.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("fault")
@Timeout(60)
class LeftBehindTest {
  private static final Path PROC = Path.of("/proc");

  @TempDir Path folder;

  @BeforeEach
  void onlyWhereMarksCanBeSeen() {
    assumeTrue(new LeftBehind(new ProcEnvironment(PROC)).canTell(), "no /proc here");
  }

  /** A process whose parent is gone, as after the engine was killed; it notes its number. */
  private ProcessHandle orphan(String mark, String script) throws Exception {
    var noted = folder.resolve(mark.replace('/', '_'));
    var builder =
        new ProcessBuilder("setsid", "--fork", "sh", "-c", "echo $$ > '" + noted + "'; " + script);
    builder.environment().put(LeftBehind.MARK, mark);
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    assertThat(builder.start().waitFor()).isZero();
    while (!Files.exists(noted) || Files.size(noted) == 0) {
      Thread.sleep(5);
    }
    return ProcessHandle.of(Long.parseLong(Files.readString(noted).strip())).orElseThrow();
  }

  @Test
  void only_what_bears_the_mark_is_ended() throws Exception {
    // given
    var meant = orphan("run/one", "sleep 60 & wait");
    var deaf = orphan("run/two", "trap '' TERM; sleep 60 & wait; sleep 60");
    var other = orphan("run/one-more", "exec sleep 60");
    var children = Children.marked(() -> "run/one");
    var own = new ProcessBuilder("sleep", "60");
    own.environment().put(LeftBehind.MARK, "run/one");
    var started = own.start();
    try {
      // when
      var ended =
          new LeftBehind(new ProcEnvironment(PROC))
              .end(Set.of("run/one", "run/two"), Duration.ofMillis(300));
      // then
      assertThat(ended).anyMatch(it -> it.endsWith("(pid " + meant.pid() + ")"));
      assertThat(ended).anyMatch(it -> it.startsWith("sleep (pid "));
      assertThat(meant.onExit()).succeedsWithin(Duration.ofSeconds(20));
      assertThat(deaf.onExit()).succeedsWithin(Duration.ofSeconds(20));
      assertThat(other.isAlive()).isTrue();
      assertThat(started.isAlive()).isTrue();
      assertThat(children.endLeftBehind(Set.of("run/one", "run/two"))).contains(List.of());
    } finally {
      other.destroyForcibly();
      started.destroyForcibly();
    }
  }

  @Test
  void where_no_mark_can_be_seen_nobody_claims_to_know() {
    assertThat(new LeftBehind(new ProcEnvironment(folder)).canTell()).isFalse();
  }

  @Test
  void a_child_and_what_it_starts_bear_the_mark() throws IOException, InterruptedException {
    // given
    var lines = new ArrayList<String>();
    var children = Children.marked(() -> "pgrunbook/r/s");
    // when
    children.run(
        ChildCommand.of("sh", "-c", "sh -c 'echo $PGRUNBOOK_STEP'"),
        lines::add,
        _ -> {},
        Deadline.in(Duration.ofSeconds(20)));
    // then
    assertThat(lines).containsExactly("pgrunbook/r/s");
  }
}
