package pgrunbook.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

  private final Path proc;

  LeftBehind(Path proc) {
    this.proc = proc;
  }

  /** Whether a mark can be seen here. */
  boolean canTell() {
    return Files.isReadable(proc.resolve("self/environ"));
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
    var found = new ArrayList<ProcessHandle>();
    ProcessHandle.allProcesses()
        .filter(it -> it.pid() != ProcessHandle.current().pid() && !own.contains(it.pid()))
        .filter(it -> mark(it).filter(marks::contains).isPresent())
        .forEach(found::add);
    return found;
  }

  /** proc(5): each variable ends with a zero byte; of a dead process nothing is there. */
  private Optional<String> mark(ProcessHandle process) {
    try {
      var file = proc.resolve(Long.toString(process.pid())).resolve("environ");
      var text = Files.readString(file, StandardCharsets.ISO_8859_1);
      for (var variable : text.split("\0", -1)) {
        if (variable.startsWith(MARK + "=")) {
          return Optional.of(variable.substring(MARK.length() + 1));
        }
      }
      return Optional.empty();
    } catch (IOException _) {
      return Optional.empty(); // it has ended, or is somebody else's
    }
  }

  /** What only waits to be reaped has no environment any more. */
  private boolean areGone(List<ProcessHandle> processes, Set<String> marks) {
    return processes.stream()
        .noneMatch(it -> it.isAlive() && mark(it).filter(marks::contains).isPresent());
  }

  private String shown(ProcessHandle process) {
    var name = process.info().command().map(it -> Path.of(it).getFileName().toString());
    return name.orElse("a program") + " (pid " + process.pid() + ")";
  }
}
