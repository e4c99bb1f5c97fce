package pgrunbook.difference;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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
  private static final Pattern NAME =
      Pattern.compile(".*" + MARK + "([0-9a-f]{" + ID + "})_([0-9]{1,6})", Pattern.DOTALL);

  /** Far more connections than any server takes. */
  private static final int BEYOND_LIMITS = 1_000_000_000;

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
    return make(CreateDatabase.like(beside, nextName()));
  }

  /** A copy of one of these, to which nobody is connected. */
  String copy(String database) throws InterruptedException {
    return make(
        "CREATE DATABASE "
            + Identifiers.quote(nextName())
            + " TEMPLATE "
            + Identifiers.quote(database)
            + " OWNER "
            + Identifiers.quote(beside.owner()));
  }

  private String make(String statement) throws InterruptedException {
    var name = nextName();
    made.add(name);
    cluster.execute(MAINTENANCE, statement + " CONNECTION LIMIT " + mark(id));
    return name;
  }

  private String nextName() {
    return name(id, made.size());
  }

  /**
   * The connection limit of a run's databases. It limits nothing: it is what CREATE DATABASE itself
   * can leave, so that none is ever there without it.
   */
  private static int mark(String run) {
    return BEYOND_LIMITS + Integer.parseInt(run.substring(1), 16);
  }

  private String name(String run, int number) {
    return Names.fitting(beside.name(), MARK + run + "_" + number);
  }

  /**
   * What runs that are over have left behind.
   *
   * @param removed those that carry the mark of such a run, as far as this role may drop them
   * @param unmarked those that only have a name like one: somebody else may have made them
   */
  public record Leftovers(List<String> removed, List<String> unmarked) {
    public Leftovers {
      removed = List.copyOf(removed);
      unmarked = List.copyOf(unmarked);
    }
  }

  /** Removes what runs that are over have left behind; a name alone is no reason to drop. */
  public Leftovers removeLeftovers() throws InterruptedException {
    var removed = new ArrayList<String>();
    var unmarked = new ArrayList<String>();
    for (var name : cluster.databaseNames()) {
      var run = run(name).filter(it -> cluster.sessionsNamed(application(it)).isEmpty());
      var there = run.flatMap(_ -> cluster.database(name));
      if (there.isEmpty()) {
        continue;
      }
      // what an interrupted DROP has left has no mark any more, and nobody can use it
      if (there.get().connectionLimit() == mark(run.orElseThrow()) || there.get().invalid()) {
        drop(name);
        removed.add(name);
      } else {
        unmarked.add(name);
      }
    }
    return new Leftovers(removed, unmarked);
  }

  /** The id of another run that would have given a database beside this one exactly that name. */
  private Optional<String> run(String name) {
    var matcher = NAME.matcher(name);
    return matcher.matches()
            && !matcher.group(1).equals(id)
            && name.equals(name(matcher.group(1), Integer.parseInt(matcher.group(2))))
        ? Optional.of(matcher.group(1))
        : Optional.empty();
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
