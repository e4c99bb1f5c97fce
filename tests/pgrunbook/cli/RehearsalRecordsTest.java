package pgrunbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.journal.DiskJournal;
import pgrunbook.journal.Event;
import pgrunbook.journal.JournalFile;

/** Which rehearsals are a proof. */
class RehearsalRecordsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private void rehearsal(String id, String backup, String end) throws IOException {
    var record = Files.createDirectories(folder.resolve(id));
    try (var journal = DiskJournal.open(record.resolve("journal.jsonl"), Clock.systemUTC())) {
      journal.append(
          Event.CREATED,
          object("version", "").put("version", JournalFile.VERSION).put("backup", backup));
      journal.append(Event.STARTED, object("step", "m").put("action", "flyway.migrate"));
      var finished = object("step", "m").put("action", "flyway.migrate");
      finished.putObject("outputs").putArray("applied").add("1:17");
      journal.append(Event.FINISHED, finished);
      if (end.isEmpty()) {
        journal.append(Event.STARTED, object("step", "later").put("action", "sql.run"));
        journal.append(Event.FAILED, object("step", "later").put("what", "wrong"));
      } else {
        journal.append(Event.OVER, object("status", end));
      }
    }
  }

  private static ObjectNode object(String name, String value) {
    return JSON.createObjectNode().put(name, value);
  }

  @Test
  void only_what_began_with_a_backup_and_came_to_its_end_counts() throws IOException {
    rehearsal("good", "backups/b.dump", "done");
    rehearsal("sample", "", "done");
    rehearsal("failed", "backups/b.dump", "");
    rehearsal("back", "backups/b.dump", "rolled_back");
    assertThat(new RehearsalRecords(folder).outputs("flyway.migrate", "applied"))
        .isEqualTo(Map.of("good", List.of("1:17")));
  }
}
