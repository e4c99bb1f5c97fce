package pgrunbook.migration;

import org.flywaydb.core.api.logging.Log;
import org.flywaydb.core.api.logging.LogCreator;

/** Keeps Flyway silent; public, with a constructor, because Flyway makes it by its name. */
public final class QuietLogs implements LogCreator {
  @Override
  public Log createLogger(Class<?> type) {
    return QuietLog.INSTANCE;
  }
}
