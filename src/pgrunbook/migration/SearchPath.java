package pgrunbook.migration;

import java.sql.Connection;
import java.sql.SQLException;
import pgrunbook.environment.MigrationSettings;

/** Where names without a schema are looked for, as Flyway has it for V files. */
public final class SearchPath {
  private static final String SQL =
      "SELECT set_config('search_path', concat_ws(', ', quote_ident(?),"
          + " nullif(current_setting('search_path'), '')), true)";

  private SearchPath() {}

  /** For the rest of the transaction: first in the schema of the migrations, where one is named. */
  public static void begin(Connection connection, MigrationSettings settings) throws SQLException {
    if (settings.schema().isPresent()) {
      HistoryQueries.texts(connection, SQL, settings.schema().get());
    }
  }
}
