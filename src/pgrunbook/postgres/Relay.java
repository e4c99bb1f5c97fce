package pgrunbook.postgres;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
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

  /**
   * The disk at its other end.
   *
   * @param folder on it; that of all the server's data where it is empty
   */
  default DiskSpace disk(Optional<Path> folder) {
    return new DiskSpace.Unknown("nobody knows where the server is");
  }
}
