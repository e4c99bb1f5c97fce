package pgrunbook.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/**
 * The variables with which processes of this machine were started, as Linux alone shows them. Of
 * what has ended, has thrown them away or is somebody else's, there are none.
 *
 * @param proc the folder <code>/proc</code>
 */
record ProcEnvironment(Path proc) {
  static final ProcEnvironment HERE = new ProcEnvironment(Path.of("/proc"));

  /** Whether variables can be seen at all. */
  boolean canTell() {
    return Files.isReadable(proc.resolve("self/environ"));
  }

  /**
   * The processes that have one of these variables, but not this one.
   *
   * @param variables <code>NAME=value</code>
   */
  List<ProcessHandle> having(Collection<String> variables) {
    return ProcessHandle.allProcesses()
        .filter(it -> it.pid() != ProcessHandle.current().pid() && hasOne(it, variables))
        .toList();
  }

  /** Each variable ends with a zero byte, proc(5). */
  boolean hasOne(ProcessHandle process, Collection<String> variables) {
    try {
      var file = proc.resolve(Long.toString(process.pid())).resolve("environ");
      var all = "\0" + Files.readString(file, StandardCharsets.ISO_8859_1);
      return variables.stream().anyMatch(it -> all.contains("\0" + it + "\0"));
    } catch (IOException _) {
      return false;
    }
  }
}
