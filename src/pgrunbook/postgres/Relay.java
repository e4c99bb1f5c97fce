package pgrunbook.postgres;

import java.io.IOException;
import pgrunbook.process.ChildPipe;

/** A road to a server that is no network address: a child process that carries the bytes. */
@FunctionalInterface
public interface Relay {
  /**
   * A new connection to the server.
   *
   * @throws Unreachable where it is known why there can't be one
   */
  ChildPipe open() throws IOException;
}
