package pgrunbook.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;
import pgrunbook.backup.Fingerprint;
import pgrunbook.backup.Verdict;
import pgrunbook.journal.Entry;
import pgrunbook.testing.SampleBackups.Format;

/**
 * A project folder with the repository's own restore-prod, a plain server, and a production
 * database that has gone wrong since its backup: rows are missing, others changed. Services and
 * maintenance mode are files. The role that the program uses has to give its password.
 */
public final class TestProject {
  /** Must be seen nowhere. */
  public static final String PASSWORD = "canary-5ecret-4711";

  /** A role that the cluster lets in from nowhere, once somebody has made it. */
  public static final String REJECTED = "shop_rejected";

  /** A role that has to give whatever password it has, once somebody has made it. */
  public static final String UNUSUAL = "shop_unusual";

  private static final String RUNBOOK = "restore-prod";
  private static final String OPERATOR = "shop_operator";
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private static final String PROPERTIES =
      """
      ALTER DATABASE {db} CONNECTION LIMIT 40;
      ALTER DATABASE {db} SET work_mem = '5MB';
      ALTER DATABASE {db} SET search_path = 'public', "odd one";
      ALTER ROLE shop_reader IN DATABASE {db} SET statement_timeout = '33s';
      REVOKE CONNECT ON DATABASE {db} FROM PUBLIC;
      GRANT CONNECT ON DATABASE {db} TO shop_reader WITH GRANT OPTION;
      COMMENT ON DATABASE {db} IS 'the shop''s own';
      """;

  private static final String GONE_WRONG =
      """
      DELETE FROM orders WHERE id % 3 = 0;
      UPDATE users SET note = 'overwritten' WHERE id < 20;
      CREATE TABLE since_then (id int);
      INSERT INTO since_then VALUES (1);
      SELECT nextval('invoice');
      """;

  private final Path folder;
  private final String database;
  private final ScriptedServices services;

  private TestProject(Path folder, String database) {
    this.folder = folder;
    this.database = database;
    this.services = new ScriptedServices(folder);
  }

  /** A project in that folder, with a database of its own; the backend is up. */
  public static TestProject in(Path folder) {
    var database = "shop_" + NUMBERS.incrementAndGet();
    makeDatabase(database);
    return new TestProject(folder, database).write();
  }

  /** Another project whose environment is the same database. */
  public TestProject beside(Path other) {
    return new TestProject(other, database).write();
  }

  private static final class Operator {
    private static final boolean MADE = make();

    /** One role for which the cluster asks for a password; all others go on without. */
    private static boolean make() {
      var hba = Databases.column("postgres", "SHOW hba_file").getFirst();
      Databases.execute(
          "postgres", "CREATE ROLE " + OPERATOR + " SUPERUSER LOGIN PASSWORD '" + PASSWORD + "'");
      Databases.execute(
          "postgres",
          "COPY (SELECT unnest(ARRAY['host all "
              + OPERATOR
              + " all scram-sha-256', 'host all "
              + UNUSUAL
              + " all scram-sha-256', 'host all "
              + REJECTED
              + " all reject', 'local all all trust', 'host all all 127.0.0.1/32 trust']))"
              + " TO '"
              + hba
              + "'");
      Databases.execute("postgres", "SELECT pg_reload_conf()");
      return true;
    }
  }

  private static void makeDatabase(String name) {
    if (!Operator.MADE) {
      throw new IllegalStateException();
    }
    var sample = SampleBackups.shared().database();
    Databases.execute(
        "postgres",
        "CREATE DATABASE " + name + " TEMPLATE " + sample + " OWNER " + SampleBackups.OWNER);
    Databases.execute("postgres", PROPERTIES.replace("{db}", name));
    Databases.execute(name, "SET search_path = public;" + GONE_WRONG);
  }

  private TestProject write() {
    try {
      Files.createDirectories(folder.resolve("runbooks/environments"));
      Files.createDirectories(folder.resolve("backups"));
      runbook(RUNBOOK, Files.readString(Path.of("runbooks", RUNBOOK + ".yaml")));
      var environment = Files.readString(Path.of("runbooks/environments/staging.yaml"));
      write(
          "runbooks/environments/prod.yaml",
          environment
              .replace("name: staging", "name: prod")
              .replace("systemctl, is-active, --quiet,", "./service.sh, check,")
              .replace("systemctl,", "./service.sh,"));
      write(
          ".env",
          """
          POSTGRES_DB=%s
          POSTGRES_HOST=127.0.0.1
          POSTGRES_PORT=%d
          POSTGRES_USER=%s
          POSTGRES_PASSWORD=%s
          """
              .formatted(database, PostgresServer.shared().port(), OPERATOR, PASSWORD));
      services.up("backend");
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a file of the project. */
  public Path write(String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a runbook; a first line <code>name: %s</code> gets its name. */
  public TestProject runbook(String name, String yaml) {
    write("runbooks/" + name + ".yaml", yaml.replaceFirst("^name: %s", "name: " + name));
    return this;
  }

  /** Changes restore-prod; the text that is replaced must be there. */
  public TestProject edited(String from, String to) {
    return edited("runbooks/" + RUNBOOK + ".yaml", from, to);
  }

  /** Has restore-prod's verify ask one more question, whose answer must be true. */
  public TestProject expecting(String sql) {
    var database = "database: ${steps.recreate.database}\n";
    return edited(
        database + "  - id: publish",
        database
            + "      expect:\n        - sql: %s\n          is: true\n".formatted(sql)
            + "  - id: publish");
  }

  /** Changes a file; the text that is replaced must be there. */
  public TestProject edited(String file, String from, String to) {
    try {
      var text = Files.readString(folder.resolve(file));
      if (!text.contains(from)) {
        throw new AssertionError(file + " has no '" + from + "'");
      }
      write(file, text.replace(from, to));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts a good backup into the project. */
  public TestProject with(Format format) {
    Folders.copy(SampleBackups.shared().backup(format), backup(format));
    return this;
  }

  /** Where that backup lies, or would lie, in the project. */
  public Path backup(Format format) {
    return backups().resolve(format.file());
  }

  public Path folder() {
    return folder;
  }

  public Path backups() {
    return folder.resolve("backups");
  }

  public String database() {
    return database;
  }

  /** The program, started in this folder. */
  public Cli cli() {
    return new Cli(folder);
  }

  /** Runs a command of the program in this folder. */
  public Cli.Ended run(String... arguments) {
    return cli().run(arguments);
  }

  /** Starts restore-prod, confirmed. */
  public Cli.Child restore(String... more) {
    return cli().start(arguments(more));
  }

  private String[] arguments(String... more) {
    var arguments = new ArrayList<>(List.of("run", RUNBOOK, "--confirm", database));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  public ScriptedServices services() {
    return services;
  }

  public boolean inMaintenance() {
    return Files.exists(folder.resolve("maintenance.flag"));
  }

  /** What a test compares before and after: databases, content, services, maintenance. */
  public record State(
      SortedMap<String, Databases.Database> databases,
      Fingerprint fingerprint,
      boolean backend,
      boolean maintenance) {}

  /** The state of this project's databases and services. */
  public State state() {
    return new State(
        Databases.of(database),
        Databases.fingerprint(database),
        services.isUp("backend"),
        inMaintenance());
  }

  /** Whether the production database holds what the sample's backups hold. */
  public Verdict verdict() {
    return Fingerprint.verdict(
        SampleBackups.shared().fingerprint(), Databases.fingerprint(database));
  }

  /** Its runs. */
  public Runs allRuns() {
    return new Runs(folder);
  }

  /** Where the runs of this project are kept. */
  public Path runs() {
    return allRuns().folder();
  }

  /** Ids of all runs that have a journal, oldest first. */
  public List<String> runIds() {
    return allRuns().ids();
  }

  /** The id of the latest run. */
  public String runId() {
    return allRuns().latest();
  }

  public Path runFolder() {
    return allRuns().latestFolder();
  }

  public Path journalFile() {
    return allRuns().journalFile();
  }

  /** What the latest run's journal says. */
  public List<Entry> journal() {
    return allRuns().journal();
  }

  /** Whether the latest run's journal has that event of that step. */
  public boolean has(String event, String step) {
    return allRuns().has(event, step);
  }

  /** How often the latest run's journal has that event of that step. */
  public long count(String event, String step) {
    return allRuns().count(event, step);
  }

  /** Waits until the command has journaled the start of that step once more than now. */
  public Cli.Child untilStarted(Cli.Child child, String step, long before) {
    return allRuns().untilStarted(child, step, before);
  }

  /** Sessions that still belong to the latest run. */
  public List<String> sessions() {
    return Databases.sessions("pgrunbook/" + runId() + "/");
  }

  /** Drops what the project has left in the cluster. */
  public void dropDatabases() {
    for (var name : Databases.of(database).keySet()) {
      try {
        PostgresServer.shared()
            .execute("postgres", "DROP DATABASE IF EXISTS \"" + name + "\" WITH (FORCE)");
      } catch (SQLException e) {
        System.err.println(name + " was not dropped: " + e.getMessage());
      }
    }
  }
}
