package pgrunbook.actions;

import java.util.List;
import pgrunbook.backup.NamedRoles.Policy;
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
    contents
        .lines()
        .filter(line -> !withoutExtensionComments || !line.contains(EXTENSION_COMMENT))
        .filter(line -> leftOut.stream().noneMatch(policy -> isAbout(line, policy)))
        .forEach(line -> kept.append(line).append('\n'));
    return kept.toString();
  }

  private static boolean isAbout(String line, Policy policy) {
    var schema = " " + policy.table().schema() + " ";
    var entry = " POLICY" + schema + policy.table().name() + " " + policy.name() + " ";
    var comment = " COMMENT" + schema + "POLICY ";
    return line.contains(entry)
        || spelt(policy.name()).stream()
            .flatMap(name -> spelt(policy.table().name()).stream().map(it -> name + " ON " + it))
            .anyMatch(name -> line.contains(comment + name + " "));
  }

  /** With quotes and without: pg_dump writes them where it has to. */
  private static List<String> spelt(String name) {
    return List.of(name, Identifiers.quote(name));
  }
}
