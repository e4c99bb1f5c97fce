package pgrunbook.postgres;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A cluster as somebody sees it who cannot change it. Every method throws {@link
 * PostgresException}, also (with the thread's interrupt kept) when the thread is interrupted.
 */
public interface ClusterView {
  ServerFacts server();

  /** What the disk has left that a database is on. */
  DiskSpace disk(String database);

  Optional<DatabaseFacts> database(String name);

  Optional<DatabaseFacts> databaseByOid(long oid);

  /** All of them, templates included, sorted. */
  List<String> databaseNames();

  DatabaseProperties properties(String database);

  /** Who is connected to a database, without this tool's connections of this process. */
  List<Session> sessions(String database);

  /**
   * The sessions of all databases whose application_name starts so, without this process's own.
   *
   * @param prefix ends with a separator, so that run 1 does not find run 10
   */
  List<Session> sessionsNamed(String prefix);

  List<PreparedTransaction> preparedTransactions(String database);

  List<ReplicationSlot> replicationSlots(String database);

  /** Names of a database's subscriptions; empty where this role may not look. */
  Optional<List<String>> subscriptions(String database);

  Set<String> roles();

  /** The tablespaces, and whether this role may create something in them. */
  Map<String, Boolean> tablespaces();

  /** Name and default version of what CREATE EXTENSION could create. */
  Map<String, String> availableExtensions();

  /** Does something on a connection whose transactions are read-only, with no time-outs set. */
  <T> T read(String database, SqlWork<T> work);
}
