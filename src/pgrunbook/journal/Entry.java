package pgrunbook.journal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * One line of a journal.
 *
 * @param number counted from 1
 * @param data what the event says beside its name and time
 */
public record Entry(long number, Instant at, String event, ObjectNode data) {
  /** A text of the event's data, empty where it has none of that name. */
  public String text(String name) {
    return data.path(name).asText("");
  }
}
