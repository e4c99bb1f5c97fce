package pgrunbook.migration;

import org.flywaydb.core.api.logging.Log;

/** Says nothing: what matters comes as a result, as an exception, or by {@link FlywayProgress}. */
enum QuietLog implements Log {
  INSTANCE;

  @Override
  public void debug(String message) {}

  @Override
  public void info(String message) {}

  @Override
  public void warn(String message) {}

  @Override
  public void error(String message) {}

  @Override
  public void error(String message, Exception e) {}

  @Override
  public void notice(String message) {}
}
