package pgrunbook.action;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import pgrunbook.backup.ArchiveReader;
import pgrunbook.postgres.Tools;
import pgrunbook.process.Processes;

/** Reads archives by this machine's pg_restore. */
public record PgRestoreArchives(Tools tools, Processes processes) implements ArchiveReader {
  @Override
  public InputStream plain(Path archive, List<String> options) throws IOException {
    var arguments = new ArrayList<>(List.of("-f", "-"));
    arguments.addAll(options);
    arguments.add(archive.toString());
    return processes.open(tools.offline("pg_restore", arguments));
  }

  @Override
  public String tableOfContents(Path archive) throws IOException {
    var arguments = List.of("-l", archive.toString());
    try (var out = processes.open(tools.offline("pg_restore", arguments))) {
      return new String(out.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
