package pgrunbook.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A cluster over JDBC. Two connections, to the database <code>postgres</code>, are kept: one for
 * looking, one for what changes the cluster. All others live as long as the work they are for, so
 * that none is in the way of a rename.
 */
public final class PlainCluster implements Cluster, AutoCloseable {
  private final Pool pool;
  private final InFlight inFlight = new InFlight();
  private final SessionEnder ender = new SessionEnder(this);
  private final Fence fence;

  /**
   * A cluster that is not connected to before something is asked.
   *
   * @param application the sessions' application_name, asked for each use
   */
  public PlainCluster(Connections connections, Supplier<String> application) {
    this(connections, application, Fence.NONE);
  }

  /** The same where every connection is checked before something is written on it. */
  public PlainCluster(Connections connections, Supplier<String> application, Fence fence) {
    this.pool = new Pool(connections, application);
    this.fence = fence;
  }

  public PlainCluster(Connector connector, Supplier<String> application) {
    this(new Connections(connector), application);
  }

  @Override
  public ServerFacts server() {
    return look(ServerQueries::facts);
  }

  @Override
  public DiskSpace disk(String database) {
    var relay = pool.connections().relay();
    var to = pool.connections().connector();
    return look(connection -> {
      var folder = DatabaseQueries.tablespaceFolder(connection, database);
      return relay.isPresent()
          ? relay.get().disk(folder)
          : DiskSpace.onMachine(connection, to.host(), to.user(), folder);
    });
  }

  @Override
  public Optional<DatabaseFacts> database(String name) {
    return look(connection -> DatabaseQueries.byName(connection, name));
  }

  @Override
  public Optional<DatabaseFacts> databaseByOid(long oid) {
    return look(connection -> DatabaseQueries.byOid(connection, oid));
  }

  @Override
  public List<String> databaseNames() {
    return look(DatabaseQueries::names);
  }

  @Override
  public DatabaseProperties properties(String database) {
    return look(connection -> PropertyQueries.of(connection, database));
  }

  @Override
  public List<Session> sessions(String database) {
    return look(connection -> SessionQueries.in(connection, database, pool.backends()));
  }

  @Override
  public List<Session> sessionsNamed(String prefix) {
    return look(connection -> SessionQueries.named(connection, prefix, pool.backends()));
  }

  @Override
  public List<PreparedTransaction> preparedTransactions(String database) {
    return look(connection -> ServerQueries.prepared(connection, database));
  }

  @Override
  public List<ReplicationSlot> replicationSlots(String database) {
    return look(connection -> ServerQueries.slots(connection, database));
  }

  @Override
  public Optional<List<String>> subscriptions(String database) {
    return look(connection -> ServerQueries.subscriptions(connection, database));
  }

  @Override
  public Set<String> roles() {
    return look(ServerQueries::roles);
  }

  @Override
  public Map<String, Boolean> tablespaces() {
    return look(ServerQueries::tablespaces);
  }

  @Override
  public Map<String, String> availableExtensions() {
    return look(ServerQueries::extensions);
  }

  @Override
  public <T> T read(String database, SqlWork<T> work) {
    try {
      return use(database, pool.open(database, true), work);
    } catch (InterruptedException _) {
      throw interrupted();
    }
  }

  @Override
  public <T> T write(String database, SqlWork<T> work) throws InterruptedException {
    return changing(() -> use(database, pool.open(database, false), fenced(work)));
  }

  @Override
  public <T> T manage(SqlWork<T> work) throws InterruptedException {
    return changing(() -> again(false, fenced(work)));
  }

  private <T> SqlWork<T> fenced(SqlWork<T> work) {
    return connection -> {
      fence.check(connection);
      return work.on(connection);
    };
  }

  /** Work that an interrupt ends. */
  private interface Change<T> {
    T done() throws InterruptedException;
  }

  private static <T> T changing(Change<T> change) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    try {
      return change.done();
    } catch (PostgresException e) {
      if (e.cancelled() && Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw e;
    }
  }

  @Override
  public List<Integer> endSessions(String prefix, Duration patience) throws InterruptedException {
    return ender.endNamed(prefix, patience);
  }

  @Override
  public List<Integer> endOrphans(String database, Duration patience) throws InterruptedException {
    return ender.endOrphans(database, patience);
  }

  List<Session> orphans(String database) {
    return look(connection -> SessionQueries.orphans(connection, database, pool.backends()));
  }

  @Override
  public List<Session> closeDatabase(String database) throws InterruptedException {
    return ender.close(database);
  }

  @Override
  public void openDatabase(String database) throws InterruptedException {
    ender.allowConnections(database, true);
  }

  @Override
  public void cancelAll() {
    inFlight.cancelAll();
  }

  @Override
  public void close() {
    pool.close();
  }

  private <T> T use(String database, Connection connection, SqlWork<T> work)
      throws InterruptedException {
    try {
      return inFlight.call(connection, work);
    } catch (SQLException e) {
      throw SqlErrors.in(e, database);
    } finally {
      pool.discard(connection);
    }
  }

  /** Does something on the connection that is kept for looking. */
  public <T> T look(SqlWork<T> work) {
    try {
      return again(true, work);
    } catch (InterruptedException _) {
      throw interrupted();
    }
  }

  /** On a connection to the maintenance database, which is kept unless something has failed. */
  private <T> T again(boolean readOnly, SqlWork<T> work) throws InterruptedException {
    var connection = pool.borrow(readOnly);
    var reusable = false;
    try {
      var result = inFlight.call(connection, work);
      reusable = !Thread.currentThread().isInterrupted(); // a cancel may still be on its way
      return result;
    } catch (SQLException e) {
      throw SqlErrors.in(e, Connections.MAINTENANCE);
    } finally {
      if (reusable) {
        pool.giveBack(connection, readOnly);
      } else {
        pool.discard(connection);
      }
    }
  }

  private static PostgresException interrupted() {
    Thread.currentThread().interrupt();
    return PostgresException.interrupted();
  }
}
