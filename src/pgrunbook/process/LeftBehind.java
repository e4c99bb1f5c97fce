package pgrunbook.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Programs that an earlier process started and left running. They, and all that they started in
 * turn, bear a mark in their environment, also without parents; Linux alone shows it. A handle
 * knows when its process began, and leaves another one of the same number alone.
 */
final class LeftBehind {
  /** The variable that says for which run and step a program works. */
  static final String MARK = "PGRUNBOOK_STEP";

  private static final Duration KILLED = Duration.ofSeconds(10);

  private final ProcEnvironment environment;

  LeftBehind(ProcEnvironment environment) {
    this.environment = environment;
  }

  /** Whether a mark can be seen here. */
  boolean canTell() {
    return environment.canTell();
  }

  /**
   * Ends those with one of these marks: first asked, then, after the grace, without asking.
   *
   * @return who was ended, as <code>sleep (pid 4711)</code>
   * @throws IOException naming those that do not end
   */
  List<String> end(Set<String> marks, Duration grace) throws IOException {
    var found = find(marks);
    var names = found.stream().map(this::shown).toList();
    found.forEach(ProcessHandle::destroy);
    if (!Waiting.until(grace, () -> areGone(found, marks))) {
      var rest = find(marks); // what they have started meanwhile, too
      rest.forEach(ProcessHandle::destroyForcibly);
      if (!Waiting.until(KILLED, () -> areGone(rest, marks))) {
        throw new IOException(
            "programs of an earlier attempt do not end: "
                + String.join(", ", rest.stream().map(this::shown).toList()));
      }
    }
    return names;
  }

  /** Without those that this process has started itself. */
  private List<ProcessHandle> find(Set<String> marks) {
    var own = ProcessHandle.current().descendants().map(ProcessHandle::pid).toList();
    return environment.having(variables(marks)).stream()
        .filter(it -> !own.contains(it.pid()))
        .toList();
  }

  private static List<String> variables(Set<String> marks) {
    return marks.stream().map(mark -> MARK + "=" + mark).toList();
  }

  /** What only waits to be reaped has no environment any more. */
  private boolean areGone(List<ProcessHandle> processes, Set<String> marks) {
    var variables = variables(marks);
    return processes.stream().noneMatch(it -> it.isAlive() && environment.hasOne(it, variables));
  }

  private String shown(ProcessHandle process) {
    var name = process.info().command().map(it -> Path.of(it).getFileName().toString());
    return name.orElse("a program") + " (pid " + process.pid() + ")";
  }
}
