package pgrunbook.difference;

import java.util.List;
import org.pgcodekeeper.core.schema.AbstractDatabase;

/**
 * A database's objects as pgCodeKeeper reads them.
 *
 * @param unreadable what it could not make sense of
 */
record Schema(AbstractDatabase database, List<String> unreadable) {
  Schema {
    unreadable = List.copyOf(unreadable);
  }
}
