package pgrunbook.difference;

import java.io.IOException;
import java.sql.Connection;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.pgcodekeeper.core.DangerStatement;
import org.pgcodekeeper.core.DatabaseType;
import org.pgcodekeeper.core.PgDiff;
import org.pgcodekeeper.core.database.base.jdbc.IJdbcConnector;
import org.pgcodekeeper.core.ignorelist.IgnoreList;
import org.pgcodekeeper.core.ignorelist.IgnoreSchemaList;
import org.pgcodekeeper.core.ignorelist.IgnoredObject;
import org.pgcodekeeper.core.loader.pg.JdbcPgLoader;
import org.pgcodekeeper.core.model.difftree.DiffTree;
import org.pgcodekeeper.core.monitor.NullMonitor;
import org.pgcodekeeper.core.parsers.antlr.base.ScriptParser;
import org.pgcodekeeper.core.schema.AbstractDatabase;
import org.pgcodekeeper.core.schema.PgObjLocation;
import org.pgcodekeeper.core.schema.pg.MaterializedPgView;
import org.pgcodekeeper.core.settings.CoreSettings;
import pgrunbook.postgres.ClusterView;
import pgrunbook.postgres.PostgresException;

/**
 * pgCodeKeeper: what reads two databases and writes the statements between them. Its classes are
 * only loaded where a difference is asked for.
 */
final class Keeper {
  /** SLF4J says on stderr that nobody takes its lines, unless it is told to say errors only. */
  private static final String SLF4J_VERBOSITY = "slf4j.internal.verbosity";

  /** Every name in its statements is qualified; and the path would outlive the migration. */
  private static final String SEARCH_PATH = "SET search_path = pg_catalog";

  private final List<String> bookkeeping;

  /**
   * For databases in which Flyway keeps its history.
   *
   * @param bookkeeping names of tables and sequences that are no part of any difference
   */
  Keeper(Collection<String> bookkeeping) {
    this.bookkeeping = List.copyOf(bookkeeping);
    System.setProperty(SLF4J_VERBOSITY, "ERROR");
  }

  /** Reads everything in a database, in one snapshot. */
  Schema load(ClusterView cluster, String database) {
    return cluster.read(
        database,
        connection -> {
          var loader =
              new JdbcPgLoader(
                  new Lent(connection),
                  "UTC",
                  settings(),
                  new NullMonitor(),
                  new IgnoreSchemaList());
          try {
            var read = loader.loadAndAnalyze();
            populated(read);
            return new Schema(read, loader.getErrors().stream().map(String::valueOf).toList());
          } catch (IOException e) {
            throw unreadable(database, e);
          }
        });
  }

  /**
   * Whether a materialised view holds rows is no part of a schema: <code>pg_dump -s</code> writes
   * every one WITH NO DATA, and a migration made from that would empty it everywhere.
   */
  private static void populated(AbstractDatabase database) {
    for (var schema : database.getSchemas()) {
      for (var view : schema.getViews()) {
        if (view instanceof MaterializedPgView materialised) {
          materialised.setIsWithData(true);
        }
      }
    }
  }

  private static PostgresException unreadable(String database, Exception e) {
    return new PostgresException(
        "cannot read the objects of database '" + database + "': " + e.getMessage(),
        "does the role own them, and is the server one of the supported versions?");
  }

  /** The statements that make the second database out of the first, in their order. */
  List<String> statements(Schema from, Schema to) throws InterruptedException {
    var settings = settings();
    var root = DiffTree.create(settings, from.database(), to.database());
    root.setAllChecked();
    var ignored = new IgnoreList();
    for (var name : bookkeeping) {
      ignored.add(new IgnoredObject(name, null, false, false, true, false, Set.of()));
    }
    try {
      var script =
          new PgDiff(settings)
              .diff(root, from.database(), to.database(), List.of(), List.of(), ignored);
      return script.isBlank() ? List.of() : parsed(script);
    } catch (IOException e) {
      throw new PostgresException(
          "cannot compare the databases: " + e.getMessage(), "write the migration by hand");
    }
  }

  private static List<String> parsed(String script) throws IOException, InterruptedException {
    var parser = new ScriptParser("migration", script, settings());
    var batch = parser.batch();
    if (parser.getErrorMessage() != null || batch.isEmpty()) {
      return List.of(script);
    }
    return batch.stream()
        .map(PgObjLocation::getSql)
        .filter(sql -> !sql.equals(SEARCH_PATH))
        .toList();
  }

  /** What of pgCodeKeeper's own list of dangers a statement is. */
  static Collection<DangerStatement> dangers(String sql) throws InterruptedException {
    try {
      return new ScriptParser("statement", sql + ";", settings()).getDangerDdl(List.of());
    } catch (IOException e) {
      throw new PostgresException("cannot read a statement: " + e.getMessage(), "report it");
    }
  }

  /**
   * Owners and privileges are left out: roles differ from server to server. So is the order of
   * columns: to keep it, pgCodeKeeper would drop the table and make it anew.
   */
  private static CoreSettings settings() {
    var settings = new CoreSettings();
    settings.setDbType(DatabaseType.PG);
    settings.setInCharsetName("UTF-8");
    settings.setKeepNewlines(true);
    settings.setIgnorePrivileges(true);
    settings.setIgnoreColumnOrder(true);
    settings.setIgnoreConcurrentModification(true);
    settings.setEnableFunctionBodiesDependencies(true);
    settings.setDisableCheckFunctionBodies(false);
    settings.setPrintUsing(true);
    return settings;
  }

  /** A connection of ours, by whatever road it goes to the server. */
  private record Lent(Connection connection) implements IJdbcConnector {
    @Override
    public Connection getConnection() {
      return connection;
    }

    @Override
    public String getBatchDelimiter() {
      return "";
    }

    @Override
    public String getUrl() {
      return "jdbc:postgresql:";
    }
  }
}
