package pgrunbook.difference;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import pgrunbook.postgres.Cluster;
import pgrunbook.postgres.CreateDatabase;
import pgrunbook.postgres.DatabaseFacts;
import pgrunbook.postgres.Identifiers;
import pgrunbook.postgres.Names;
import pgrunbook.postgres.PostgresException;
import pgrunbook.text.Refused;

/**
 * Databases beside another one, of the same encoding and locale, that are gone when this is closed.
 * As long as it is used, the cluster's sessions have to be named {@link #application}: what is left
 * of a run that was killed is known by there being none.
 */
public final class ScratchDatabases implements AutoCloseable {
  private static final String MARK = "_scratch_";
  private static final String MAINTENANCE = "postgres";
  private static final int ID = 8;

  private final Cluster cluster;
  private final DatabaseFacts beside;
  private final String id;
  private final List<String> made = new ArrayList<>();

  private ScratchDatabases(Cluster cluster, DatabaseFacts beside, String id) {
    this.cluster = cluster;
    this.beside = beside;
    this.id = id;
  }

  /** A new id for the scratch databases of one run. */
  public static String newId() {
    return UUID.randomUUID().toString().substring(0, ID);
  }

  /** The application name of the sessions that show that a run is alive. */
  public static String application(String id) {
    return "pgrunbook/scratch-" + id + "/";
  }

  /**
   * None yet.
   *
   * @throws Refused where the role may not make databases, or there is no such database
   */
  public static ScratchDatabases beside(Cluster cluster, String database, String id) {
    var facts = cluster.database(database);
    if (facts.isEmpty()) {
      throw new Refused(
          "there is no database '" + database + "' to be compared", "is it the right environment?");
    }
    var server = cluster.server();
    if (!server.createDatabase()) {
      throw new Refused(
          "role " + server.user() + " may not create the scratch databases that this takes",
          "a superuser can allow it: ALTER ROLE "
              + Identifiers.quote(server.user())
              + " CREATEDB; or write the migration by hand, without --from");
    }
    return new ScratchDatabases(cluster, facts.get(), id);
  }

  /** A new, empty database. */
  public String create() throws InterruptedException {
    return make(name -> CreateDatabase.like(beside, name));
  }

  /** A copy of one of these, to which nobody is connected. */
  String copy(String database) throws InterruptedException {
    return make(name ->
        "CREATE DATABASE "
            + Identifiers.quote(name)
            + " TEMPLATE "
            + Identifiers.quote(database)
            + " OWNER "
            + Identifiers.quote(beside.owner()));
  }

  private String make(UnaryOperator<String> statement) throws InterruptedException {
    var name = Names.fitting(beside.name(), MARK + id + "_" + made.size());
    made.add(name);
    cluster.execute(MAINTENANCE, statement.apply(name));
    return name;
  }

  /** Removes what runs that are over have left behind, as far as this role may; tells what. */
  public List<String> removeLeftovers() throws InterruptedException {
    var removed = new ArrayList<String>();
    var pattern = Pattern.compile("(.+)" + MARK + "([0-9a-f]{8})_[0-9]+");
    for (var name : cluster.databaseNames()) {
      var matcher = pattern.matcher(name);
      if (matcher.matches()
          && beside.name().startsWith(matcher.group(1))
          && !matcher.group(2).equals(id)
          && cluster.sessionsNamed(application(matcher.group(2))).isEmpty()) {
        drop(name);
        removed.add(name);
      }
    }
    return removed;
  }

  private void drop(String name) throws InterruptedException {
    cluster.execute(
        MAINTENANCE, "DROP DATABASE IF EXISTS " + Identifiers.quote(name) + " WITH (FORCE)");
  }

  /** Removes them, also for a thread that was interrupted. */
  @Override
  public void close() {
    var interrupted = Thread.interrupted();
    Optional<PostgresException> failure = Optional.empty();
    for (var name : made.reversed()) {
      try {
        drop(name);
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (PostgresException e) {
        failure = Optional.of(e);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
  }
}
