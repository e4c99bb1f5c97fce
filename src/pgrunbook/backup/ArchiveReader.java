package pgrunbook.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/** Reads custom and directory archives with pg_restore, wherever that program runs. */
public interface ArchiveReader {
  /**
   * The archive as SQL, <code>pg_restore -f - OPTIONS ARCHIVE</code>; <code>close()</code> throws
   * where the program ended with anything but exit code 0, and its last words are in the message.
   */
  InputStream plain(Path archive, List<String> options) throws IOException;

  /** What <code>pg_restore -l</code> prints; throws where its exit code was not 0. */
  String tableOfContents(Path archive) throws IOException;
}
