package pgrunbook.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import pgrunbook.journal.Entry;
import pgrunbook.journal.JournalFile;

/** The runs of a project, by what their journals say. */
public record Runs(Path project) {

  /** Where they are kept. */
  public Path folder() {
    return project.resolve(".pgrunbook/runs");
  }

  /** Ids of all that have a journal, oldest first. */
  public List<String> ids() {
    if (!Files.isDirectory(folder())) {
      return List.of();
    }
    try (var folders = Files.list(folder())) {
      return folders
          .filter(folder -> Files.exists(folder.resolve("journal.jsonl")))
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The id of the latest. */
  public String latest() {
    return ids().getLast();
  }

  public Path latestFolder() {
    return folder().resolve(latest());
  }

  public Path journalFile() {
    return latestFolder().resolve("journal.jsonl");
  }

  /** What the latest run's journal says. */
  public List<Entry> journal() {
    return ids().isEmpty() ? List.of() : entries(journalFile());
  }

  /** What a journal says. */
  public static List<Entry> entries(Path journal) {
    var entries = new ArrayList<Entry>();
    JournalFile.read(journal, entries::add);
    return List.copyOf(entries);
  }

  /** Whether the latest run's journal has that event of that step. */
  public boolean has(String event, String step) {
    return count(event, step) > 0;
  }

  /** How often the latest run's journal has that event of that step. */
  public long count(String event, String step) {
    return journal().stream()
        .filter(entry -> entry.event().equals(event) && entry.text("step").equals(step))
        .count();
  }

  /** Waits until the command has journaled the start of that step once more than before. */
  public Cli.Child untilStarted(Cli.Child child, String step, long before) {
    return child.until("the start of " + step, () -> count("started", step) > before);
  }
}
