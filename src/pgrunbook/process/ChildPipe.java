package pgrunbook.process;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/** A child whose input and output are used as they are; closing it ends the child's group. */
public interface ChildPipe extends AutoCloseable {
  InputStream input();

  OutputStream output();

  boolean isAlive();

  /** The last lines of its standard error; waits a moment for its end, where it is about to end. */
  List<String> lastWords();

  /** Ends the child's input, and comes back at once; a child that does not end then is ended. */
  void release();

  @Override
  void close();
}
