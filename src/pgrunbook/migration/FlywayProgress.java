package pgrunbook.migration;

import java.util.function.Consumer;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/** Tells which migration begins, and what the server says meanwhile. */
record FlywayProgress(Consumer<String> log) implements Callback {
  @Override
  public boolean supports(Event event, Context context) {
    return event == Event.BEFORE_EACH_MIGRATE || event == Event.AFTER_EACH_MIGRATE_STATEMENT;
  }

  @Override
  public boolean canHandleInTransaction(Event event, Context context) {
    return true;
  }

  @Override
  public void handle(Event event, Context context) {
    if (event == Event.BEFORE_EACH_MIGRATE) {
      var info = context.getMigrationInfo();
      log.accept("apply " + info.getVersion() + " " + info.getDescription());
    } else if (context.getStatement() != null) {
      context.getStatement().getWarnings().stream()
          .filter(warning -> warning.getMessage() != null)
          .forEach(warning -> log.accept("server: " + warning.getMessage()));
    }
  }

  @Override
  public String getCallbackName() {
    return "pgrunbook";
  }
}
