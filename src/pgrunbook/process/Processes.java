package pgrunbook.process;

import java.io.IOException;

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
