package pgrunbook.migration;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** How a file's SQL goes together with the transaction that carries it out. */
final class TransactionRules {
  private static final Pattern OUTSIDE =
      Pattern.compile("(?m)^\\s*executeInTransaction\\s*[=:]\\s*false\\s*$");

  /** What a REINDEX names that is more than a table. */
  private static final List<String> WHOLE = List.of("schema", "database", "system");

  private TransactionRules() {}

  /** Whether the file's settings have Flyway run it outside a transaction. */
  static boolean isOutside(Optional<String> settings) {
    return settings.filter(it -> OUTSIDE.matcher(it).find()).isPresent();
  }

  /**
   * Whether it fails, or does nothing, where it was carried out already; as Flyway's
   * PostgreSQLParser has it, and REINDEX … CONCURRENTLY.
   */
  static boolean refusesTransaction(SqlStatement s) {
    var index = s.is(1, "unique") ? 2 : 1;
    var made = s.is(0, "create") || s.is(0, "drop");
    return (made && s.starts(index, "index", "concurrently"))
        || (made && (s.is(1, "database") || s.is(1, "tablespace") || s.is(1, "subscription")))
        || s.is(0, "vacuum")
        || s.is(0, "reindex")
        || s.starts(0, "alter", "system")
        || s.starts(0, "discard", "all")
        || (s.starts(0, "alter", "type") && s.find(2, "add", "value") >= 0);
  }

  /**
   * Whether Flyway carries it out without a transaction, whatever the server's version: the
   * patterns of its PostgreSQLParser.
   */
  static boolean isNeverInside(SqlStatement s) {
    return refusesTransaction(s)
        && !s.starts(0, "alter", "type")
        && (!s.is(0, "reindex")
            || WHOLE.stream().anyMatch(it -> s.is(s.is(1, "verbose") ? 2 : 1, it)));
  }

  /** Whether it would end, or begin, the transaction itself. */
  static boolean isControl(SqlStatement s) {
    return s.is(0, "commit")
        || (s.is(0, "rollback") && s.find(1, "to") < 0)
        || s.is(0, "begin")
        || s.is(0, "end")
        || s.is(0, "abort")
        || s.starts(0, "start", "transaction")
        || s.starts(0, "prepare", "transaction");
  }
}
