package pgrunbook.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Child processes of this machine, each in a process group of its own. */
public final class Children implements Processes {
  /** How long a group may take to end after TERM, before it gets KILL. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Launcher launcher;
  private final Duration grace;

  public Children() {
    this(System.getenv(), GRACE);
  }

  /**
   * Children that are found again when nobody holds them any more.
   *
   * @param mark for which run and step they work, asked for each of them
   */
  public static Children marked(Supplier<String> mark) {
    return new Children(() -> plus(System.getenv(), LeftBehind.MARK, mark.get()), GRACE);
  }

  /**
   * Children that inherit that environment.
   *
   * @param grace how long a group may take to end after TERM, before it gets KILL
   */
  public Children(Map<String, String> inherited, Duration grace) {
    this(() -> inherited, grace);
  }

  private Children(Supplier<Map<String, String>> inherited, Duration grace) {
    this.launcher = new Launcher(inherited);
    this.grace = grace;
  }

  private static Map<String, String> plus(Map<String, String> map, String name, String value) {
    var more = new HashMap<>(map);
    more.put(name, value);
    return more;
  }

  @Override
  public Finished run(
      ChildCommand command, Stdin stdin, OutputSink out, OutputSink err, Deadline deadline)
      throws InterruptedException, IOException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    return new Running(command, launcher.start(command), stdin, out, err, grace).toItsEnd(deadline);
  }

  @Override
  public ChildStream open(ChildCommand command, Stdin stdin, Deadline deadline) throws IOException {
    return new RunningStream(command, launcher.start(command), stdin, deadline, grace);
  }

  @Override
  public ChildPipe connect(ChildCommand command) throws IOException {
    return new RunningPipe(launcher.start(command), grace);
  }

  @Override
  public Optional<List<String>> endLeftBehind(Set<String> marks) throws IOException {
    var leftBehind = new LeftBehind(ProcEnvironment.HERE);
    return leftBehind.canTell() ? Optional.of(leftBehind.end(marks, grace)) : Optional.empty();
  }

  /**
   * Runs a child to its end whose standard output is this process's own, so that what it writes
   * comes out as it is, and at once. An interrupt ends the child and its group first.
   *
   * @param err takes what it writes to its standard error
   */
  public Finished attached(ChildCommand command, Redirect stdin, OutputSink err)
      throws InterruptedException, IOException {
    return new RunningAttached(command, launcher.attached(command, stdin), err, grace).toItsEnd();
  }

  /**
   * Runs a child to its end that has this process's terminal: what is typed is the child's, Ctrl-C
   * and Ctrl-Z too, which reach both. An interrupt ends the child first.
   *
   * @return its exit code
   */
  public int inTerminal(ChildCommand command) throws InterruptedException, IOException {
    var process = launcher.inTerminal(command);
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      new DescendantsGroup(process).end(grace);
      throw e;
    }
  }
}
