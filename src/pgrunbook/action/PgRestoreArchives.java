package pgrunbook.action;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import pgrunbook.backup.ArchiveReader;
import pgrunbook.postgres.Tools;
import pgrunbook.process.ChildStream;
import pgrunbook.process.Deadline;
import pgrunbook.process.Processes;
import pgrunbook.process.Stdin;

/** Reads archives by pg_restore, wherever that runs: an archive that it can't see is sent to it. */
public record PgRestoreArchives(Tools tools, Processes processes) implements ArchiveReader {
  /** What it only warns of, in whatever language, and then has no rows. */
  private static final Pattern CAN_NOT_UNPACK = Pattern.compile("\\b(ZSTD|LZ4|gzip)\\b");

  @Override
  public InputStream plain(Path archive, List<String> options) throws IOException {
    var arguments = new ArrayList<>(List.of("-f", "-"));
    arguments.addAll(options);
    return new Unpacking(open(archive, arguments));
  }

  /** Ends with an exception where pg_restore has warned that it has no data. */
  private static final class Unpacking extends FilterInputStream {
    private final ChildStream child;

    Unpacking(ChildStream child) {
      super(child);
      this.child = child;
    }

    @Override
    public int read() throws IOException {
      return ended(super.read());
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return ended(super.read(bytes, offset, length));
    }

    private int ended(int read) throws IOException {
      var warning =
          read >= 0
              ? Optional.<String>empty()
              : child.warnings().stream().filter(it -> CAN_NOT_UNPACK.matcher(it).find()).findAny();
      if (warning.isPresent()) {
        throw new IOException(warning.get());
      }
      return read;
    }
  }

  @Override
  public String tableOfContents(Path archive) throws IOException {
    try (var out = open(archive, List.of("-l"))) {
      return new String(out.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private ChildStream open(Path archive, List<String> options) throws IOException {
    var arguments = new ArrayList<>(options);
    var seen = tools.seen(archive);
    if (seen.isPresent()) {
      arguments.add(seen.get());
      return processes.open(tools.offline("pg_restore", arguments));
    }
    if (Files.isDirectory(archive)) {
      throw new IOException(
          archive + " is a folder that pg_restore can't see, and folders can't be sent to it");
    }
    var sent = Stdin.from(out -> Files.copy(archive, out));
    return processes.open(tools.offline("pg_restore", arguments), sent, Deadline.none());
  }
}
