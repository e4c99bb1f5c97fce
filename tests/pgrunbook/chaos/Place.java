package pgrunbook.chaos;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import pgrunbook.testing.Cli;
import pgrunbook.testing.Runs;

/** A project with its production database, which has gone wrong since its backup. */
interface Place extends AutoCloseable {
  String name();

  /** Everything as it was at first, with a good backup, and nothing left of an earlier round. */
  void fresh();

  Path folder();

  Cli cli();

  String database();

  /** The file of the good backup, as a runbook's params name it. */
  String backup();

  /** What the database holds, of what was there at first. */
  String content();

  /** Whether the database holds what the good backup does. */
  boolean isRestored();

  /** The production database and those beside it, with their oids. */
  SortedMap<String, Long> databases();

  /** The first column of a query in the production database. */
  List<String> query(String sql);

  /** The backend is up, and the site is not in maintenance. */
  boolean siteIsUp();

  /** Sessions that belong to any run. */
  List<String> sessions();

  default Runs runs() {
    return new Runs(folder());
  }

  default Path backups() {
    return folder().resolve("backups");
  }

  @Override
  void close();
}
