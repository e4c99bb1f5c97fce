package pgrunbook.actions;

import java.util.Comparator;
import java.util.List;
import pgrunbook.backup.NamedRoles.Policy;
import pgrunbook.backup.TableName;
import pgrunbook.postgres.Identifiers;

/**
 * What of an archive's table of contents is restored.
 *
 * @param withoutExtensionComments only an extension's owner may write its comment, and the
 *     extension brings its own
 * @param leftOut policies that are for roles that do not exist
 */
record ArchiveList(boolean withoutExtensionComments, List<Policy> leftOut) {
  private static final String EXTENSION_COMMENT = "COMMENT - EXTENSION";

  /** The lines of <code>pg_restore -l</code> that stay. */
  String of(String contents) {
    var kept = new StringBuilder();
    var gone = leftOut.stream().map(it -> new Entry(it, owner(contents, it.table()))).toList();
    contents
        .lines()
        .filter(line -> !withoutExtensionComments || !line.contains(EXTENSION_COMMENT))
        .filter(line -> gone.stream().noneMatch(entry -> entry.isIn(line)))
        .forEach(line -> kept.append(line).append('\n'));
    return kept.toString();
  }

  /** Whose the table is, and so its policies: with that a line about them ends. */
  private static String owner(String contents, TableName table) {
    var entry = " TABLE " + table.schema() + " " + table.name() + " ";
    return contents
        .lines()
        .filter(line -> line.contains(entry))
        .map(line -> line.substring(line.indexOf(entry) + entry.length()))
        .min(Comparator.comparingInt(String::length)) // a longer one is of a table 'name and more'
        .orElse("");
  }

  /** A policy with the owner of its table; only both tell policy 'p' from policy 'p x'. */
  private record Entry(Policy policy, String owner) {
    boolean isIn(String line) {
      var schema = " " + policy.table().schema() + " ";
      var table = policy.table().name();
      return line.endsWith(" POLICY" + schema + table + " " + policy.name() + " " + owner)
          || spelt(policy.name()).stream()
              .flatMap(name -> spelt(table).stream().map(it -> name + " ON " + it + " " + owner))
              .anyMatch(end -> line.endsWith(" COMMENT" + schema + "POLICY " + end));
    }
  }

  /** With quotes and without: pg_dump writes them where it has to. */
  private static List<String> spelt(String name) {
    return List.of(name, Identifiers.quote(name));
  }
}
