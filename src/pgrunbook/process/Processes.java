package pgrunbook.process;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Starts child processes, and makes sure that none outlives its use. */
public interface Processes {
  /**
   * Runs a child to its end. An interrupt ends the child and everything in its process group first.
   *
   * @throws IOException when it could not be started, or the writer or a sink failed
   */
  Finished run(ChildCommand command, Stdin stdin, OutputSink out, OutputSink err, Deadline deadline)
      throws InterruptedException, IOException;

  /** Starts a child whose output is read as a stream. */
  ChildStream open(ChildCommand command, Stdin stdin, Deadline deadline) throws IOException;

  /** Starts a child that is spoken with, such as a relay. */
  ChildPipe connect(ChildCommand command) throws IOException;

  /**
   * Ends the programs that bear one of these marks, and that this process has not started itself.
   *
   * @return who was ended, as <code>sleep (pid 4711)</code>; empty where marks can't be seen
   * @throws IOException naming those that do not end
   */
  Optional<List<String>> endLeftBehind(Set<String> marks) throws IOException;

  default Finished run(ChildCommand command, OutputSink out, OutputSink err, Deadline deadline)
      throws InterruptedException, IOException {
    return run(command, Stdin.none(), out, err, deadline);
  }

  /** The same without input. */
  default ChildStream open(ChildCommand command, Deadline deadline) throws IOException {
    return open(command, Stdin.none(), deadline);
  }

  default ChildStream open(ChildCommand command) throws IOException {
    return open(command, Deadline.none());
  }
}
