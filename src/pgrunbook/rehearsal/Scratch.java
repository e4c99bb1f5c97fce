package pgrunbook.rehearsal;

import java.io.IOException;
import java.nio.file.Path;
import pgrunbook.postgres.Connector;

/**
 * A PostgreSQL server that lives as long as a rehearsal, made of whatever this machine has. Closing
 * it leaves nothing, also on an interrupted thread.
 */
public sealed interface Scratch extends AutoCloseable permits ScratchCluster, ScratchContainer {
  /** What it is, in one line: the kind, the server's version, where it is. */
  String shown();

  /** The server's version, such as <code>15.18 (Debian 15.18-0+deb12u1)</code>. */
  String version();

  /** A folder of its own, which goes with it. */
  Path folder();

  /** Where the rehearsal's files belong: the client programs get at them there. */
  default Path work() {
    return folder().resolve("work");
  }

  /** A superuser; the password is to be masked in everything that is shown. */
  Connector connector();

  /** Lets it live on when this object is closed, and this process ends. */
  Kept keep() throws IOException;

  @Override
  void close();

  /** What to type to get into one that was kept, and to be rid of it. */
  record Kept(String connect, String remove) {}
}
