package pgrunbook.process;

import java.io.InputStream;
import java.util.List;

/**
 * A child's standard output. The end is only reported when the child's exit code is 0, otherwise
 * reading throws an {@link java.io.IOException} with the last lines of its standard error; closing
 * before the end ends the child. Reading ends the child when its thread is interrupted.
 */
public abstract sealed class ChildStream extends InputStream permits RunningStream {
  ChildStream() {}

  /** The last lines of its standard error; to be asked at the end. */
  public abstract List<String> warnings();
}
