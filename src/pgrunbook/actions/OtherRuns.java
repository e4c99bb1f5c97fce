package pgrunbook.actions;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the journals of a project's other runs say, read as text only: a name that stands in one of
 * a run that may not be over is a name that is needed.
 */
record OtherRuns(Path project, String self) {
  private static final String OVER = "\"event\":\"over\"";

  /** Which of those names a run that may not be over mentions. */
  Set<String> mentioned(List<String> names) throws IOException {
    var found = new HashSet<String>();
    var runs = project.resolve(".pgrunbook").resolve("runs");
    if (!Files.isDirectory(runs)) {
      return found;
    }
    try (var all = Files.list(runs)) {
      for (var run : all.toList()) {
        var journal = run.resolve("journal.jsonl");
        if (!run.getFileName().toString().equals(self) && Files.isRegularFile(journal)) {
          var text = new String(Files.readAllBytes(journal), StandardCharsets.UTF_8);
          if (!isOver(text)) {
            names.stream().filter(text::contains).forEach(found::add);
          }
        }
      }
    }
    return found;
  }

  private static boolean isOver(String text) {
    var lines = text.lines().toList();
    return !lines.isEmpty() && lines.getLast().contains(OVER);
  }
}
