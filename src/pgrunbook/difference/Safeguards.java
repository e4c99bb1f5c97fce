package pgrunbook.difference;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import pgrunbook.postgres.ClusterView;

/**
 * Marks what lets rows in that were refused before: a constraint or a unique index that goes and
 * does not come back under its name. That is how a schema file looks that was cut off.
 */
final class Safeguards {
  private static final String UNIQUE =
      """
      SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE i.indisunique
      """;

  private final Set<String> unique;

  private Safeguards(Set<String> unique) {
    this.unique = Set.copyOf(unique);
  }

  /** Knows the unique indexes of the database that is going to be changed. */
  static Safeguards of(ClusterView cluster, String database) {
    return new Safeguards(
        cluster.read(
            database,
            connection -> {
              try (var statement = connection.createStatement();
                  var rows = statement.executeQuery(UNIQUE)) {
                var names = new HashSet<String>();
                while (rows.next()) {
                  names.add(rows.getString(1));
                }
                return names;
              }
            }));
  }

  /** The same changes; those that take a safeguard away are dangerous. */
  List<Change> marked(List<Change> changes) {
    return changes.stream()
        .map(it ->
            it.danger().isPresent()
                ? it
                : new Change(it.sql(), it.notes(), danger(it.sql(), changes)))
        .toList();
  }

  private Optional<String> danger(String sql, List<Change> all) {
    var constraint = Forms.DROP_CONSTRAINT.matcher(sql);
    if (constraint.matches()) {
      var table = constraint.group(1);
      var name = constraint.group(2);
      var stays =
          is(all, Forms.ADD_CONSTRAINT, it -> it.group(1).equals(table) && it.group(2).equals(name))
              || is(all, Forms.DROP_TABLE, it -> it.group(1).equals(table));
      return stays
          ? Optional.empty()
          : Optional.of(
              "constraint " + name + " of " + table + " is dropped: nothing checks it any more");
    }
    var index = Forms.DROP_INDEX.matcher(sql);
    if (index.matches() && unique.contains(index.group(1))) {
      var name = index.group(1).substring(index.group(1).indexOf('.') + 1);
      return is(all, Forms.CREATE_UNIQUE_INDEX, it -> it.group(1).equals(name))
          ? Optional.empty()
          : Optional.of("unique index " + index.group(1) + " is dropped: duplicates can come in");
    }
    return Optional.empty();
  }

  private static boolean is(List<Change> all, Pattern form, Predicate<Matcher> how) {
    return all.stream()
        .map(it -> form.matcher(it.sql()))
        .anyMatch(it -> it.matches() && how.test(it));
  }
}
