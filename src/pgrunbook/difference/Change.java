package pgrunbook.difference;

import java.util.List;
import java.util.Optional;

/**
 * One statement of a migration.
 *
 * @param sql without its semicolon
 * @param notes what a reader should know about it
 * @param danger what it may cost, where it costs something: data, or time under a lock
 */
public record Change(String sql, List<String> notes, Optional<String> danger) {
  public Change {
    notes = List.copyOf(notes);
  }
}
