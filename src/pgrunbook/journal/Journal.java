package pgrunbook.journal;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.function.Consumer;

/** Where a run writes down what it is about to do and what it did. */
public interface Journal {
  /**
   * Appends an entry and returns when it is on the disk.
   *
   * @throws JournalException where it could not be written; then nothing may go on
   */
  Entry append(String event, ObjectNode data);

  /** The time that the next entry will bear; the one clock of a run. */
  Instant now();

  /** Appends an entry whose data is filled in by the caller. */
  default Entry append(String event, Consumer<ObjectNode> fill) {
    var data = JsonNodeFactory.instance.objectNode();
    fill.accept(data);
    return append(event, data);
  }
}
