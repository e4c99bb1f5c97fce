package pgrunbook.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import pgrunbook.postgres.Cluster;
import pgrunbook.postgres.DatabaseFacts;
import pgrunbook.postgres.DatabaseProperties;
import pgrunbook.postgres.DiskSpace;
import pgrunbook.postgres.PreparedTransaction;
import pgrunbook.postgres.ReplicationSlot;
import pgrunbook.postgres.ServerFacts;
import pgrunbook.postgres.Session;
import pgrunbook.postgres.SqlWork;

/** A cluster that has an identity and sessions, and no databases. */
public final class FakeCluster implements Cluster {
  public static final String SYSTEM_IDENTIFIER = "7439000000000000001";

  /** What a look at the server says. */
  public String systemIdentifier = SYSTEM_IDENTIFIER;

  /** Process numbers that an earlier attempt has left; whoever ends them takes them away. */
  public final List<Integer> ghosts = new ArrayList<>();

  /** Process numbers that other runs have left; whoever ends them takes them away. */
  public final List<Integer> orphans = new ArrayList<>();

  /** The prefixes of the application names that were to be ended. */
  public final List<String> ended = new ArrayList<>();

  @Override
  public ServerFacts server() {
    return new ServerFacts(170_002, "17.2", systemIdentifier, "operator", true, true, false);
  }

  @Override
  public List<Integer> endSessions(String prefix, Duration patience) {
    ended.add(prefix);
    var pids = List.copyOf(ghosts);
    ghosts.clear();
    return pids;
  }

  @Override
  public List<Integer> endOrphans(String database, Duration patience) {
    var pids = List.copyOf(orphans);
    orphans.clear();
    return pids;
  }

  @Override
  public void cancelAll() {}

  @Override
  public DiskSpace disk(String database) {
    return new DiskSpace.Unknown("there is none");
  }

  @Override
  public Optional<DatabaseFacts> database(String name) {
    return Optional.empty();
  }

  @Override
  public Optional<DatabaseFacts> databaseByOid(long oid) {
    return Optional.empty();
  }

  @Override
  public List<String> databaseNames() {
    return List.of();
  }

  @Override
  public DatabaseProperties properties(String database) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Session> sessions(String database) {
    return List.of();
  }

  @Override
  public List<Session> sessionsNamed(String prefix) {
    return List.of();
  }

  @Override
  public List<PreparedTransaction> preparedTransactions(String database) {
    return List.of();
  }

  @Override
  public List<ReplicationSlot> replicationSlots(String database) {
    return List.of();
  }

  @Override
  public Optional<List<String>> subscriptions(String database) {
    return Optional.of(List.of());
  }

  @Override
  public Set<String> roles() {
    return Set.of();
  }

  @Override
  public Map<String, Boolean> tablespaces() {
    return Map.of();
  }

  @Override
  public Map<String, String> availableExtensions() {
    return Map.of();
  }

  @Override
  public <T> T read(String database, SqlWork<T> work) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T> T write(String database, SqlWork<T> work) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T> T manage(SqlWork<T> work) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Session> closeDatabase(String database) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void openDatabase(String database) {
    throw new UnsupportedOperationException();
  }
}
