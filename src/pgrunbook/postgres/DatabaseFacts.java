package pgrunbook.postgres;

import java.util.List;
import java.util.Optional;

/**
 * One row of pg_database, and what else can be seen from outside of the database.
 *
 * @param provider empty before PostgreSQL 15
 * @param providerLocale the ICU or builtin locale, where the provider is not libc
 * @param icuRules extra collation rules (16 and later)
 * @param collationVersion what was recorded when it was made; {@code actualCollationVersion} is the
 *     operating system's today (15 and later)
 * @param bytes pg_database_size; empty where the role may not ask, or the database is invalid
 * @param connectionLimit -1 without a limit, -2 where a DROP crashed and left it invalid
 * @param sessions how many are connected to it, autovacuum left out
 */
public record DatabaseFacts(
    long oid,
    String name,
    String owner,
    String encoding,
    String collate,
    String ctype,
    Optional<LocaleProvider> provider,
    Optional<String> providerLocale,
    Optional<String> icuRules,
    Optional<String> collationVersion,
    Optional<String> actualCollationVersion,
    String tablespace,
    Optional<Long> bytes,
    boolean allowConnections,
    int connectionLimit,
    boolean template,
    int sessions) {
  /** A DROP DATABASE was interrupted: nothing can connect to it, dropping again is the way out. */
  public boolean invalid() {
    return connectionLimit == -2;
  }

  /** What to say where the system's rules of sorting have changed since it was made. */
  public Optional<String> sortedByOtherRules() {
    return collationVersion
        .filter(recorded -> actualCollationVersion.filter(it -> !it.equals(recorded)).isPresent())
        .map(recorded ->
            "database %s was sorted by collation version %s, the system has %s: indexes on texts may be wrong"
                .formatted(name, recorded, actualCollationVersion.get()));
  }

  /** What mends that, in this order and in the database itself. */
  public List<String> sortAgain() {
    var quoted = Identifiers.quote(name);
    return List.of(
        "REINDEX DATABASE " + quoted, "ALTER DATABASE " + quoted + " REFRESH COLLATION VERSION");
  }
}
