package pgrunbook.action;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import pgrunbook.backup.ArchiveReader;
import pgrunbook.postgres.Tools;
import pgrunbook.process.Deadline;
import pgrunbook.process.Processes;
import pgrunbook.process.Stdin;

/** Reads archives by pg_restore, wherever that runs: an archive that it can't see is sent to it. */
public record PgRestoreArchives(Tools tools, Processes processes) implements ArchiveReader {
  @Override
  public InputStream plain(Path archive, List<String> options) throws IOException {
    var arguments = new ArrayList<>(List.of("-f", "-"));
    arguments.addAll(options);
    return open(archive, arguments);
  }

  @Override
  public String tableOfContents(Path archive) throws IOException {
    try (var out = open(archive, List.of("-l"))) {
      return new String(out.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private InputStream open(Path archive, List<String> options) throws IOException {
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
