package pgrunbook.bench;

import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import pgrunbook.journal.DiskJournal;
import pgrunbook.journal.Entry;
import pgrunbook.journal.Event;

/** Makes a journal as long as one of a step that was tried again and again. */
public final class Events {
  private Events() {}

  /**
   * Appends attempts that fail.
   *
   * @param arguments the journal of a run whose last step has failed, and how many lines it is to
   *     have
   */
  public static void main(String[] arguments) {
    Map<String, Entry> last = new HashMap<>();
    var wanted = Long.parseLong(arguments[1]);
    try (var journal =
        DiskJournal.open(
            Path.of(arguments[0]), Clock.systemUTC(), entry -> last.put(entry.event(), entry))) {
      for (var number = 0L; number < wanted; ) {
        for (var event : new String[] {Event.STARTED, Event.FAILED}) {
          number = journal.append(event, last.get(event).data().deepCopy()).number();
        }
      }
    }
  }
}
