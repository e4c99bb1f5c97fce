package pgrunbook.difference;

import java.util.ArrayList;
import java.util.List;

/** What pgCodeKeeper's statements need before they do what their author meant. */
final class Mends {
  private Mends() {}

  static List<String> mended(List<String> statements) {
    return identitiesFirst(withoutExtensionComments(withDefaults(statements)));
  }

  /**
   * A new column and its default come as two statements, so that rows which are there would stay
   * without a value. Whoever adds a column with a default means these rows too.
   */
  private static List<String> withDefaults(List<String> statements) {
    var result = new ArrayList<String>();
    for (var sql : statements) {
      var later = Forms.SET_DEFAULT.matcher(sql);
      var added = Forms.ADD_COLUMN.matcher(result.isEmpty() ? "" : result.get(result.size() - 1));
      if (later.matches()
          && added.matches()
          && later.group(1).equals(added.group(1))
          && later.group(2).equals(added.group(2))) {
        result.set(result.size() - 1, added.group() + " DEFAULT " + later.group(3));
      } else {
        result.add(sql);
      }
    }
    return result;
  }

  /** Only an extension's owner may comment on it, and it brings its comment along. */
  private static List<String> withoutExtensionComments(List<String> statements) {
    return statements.stream()
        .filter(sql -> !Forms.COMMENT_ON_EXTENSION.matcher(sql).matches())
        .map(Mends::ifMissing)
        .toList();
  }

  /** Where only a superuser may create an extension, one has done it before the migration. */
  private static String ifMissing(String sql) {
    var matcher = Forms.CREATE_EXTENSION.matcher(sql);
    return matcher.matches() ? "CREATE EXTENSION IF NOT EXISTS " + matcher.group(1) : sql;
  }

  /** NOT NULL can't be taken from a column as long as it is an identity. */
  private static List<String> identitiesFirst(List<String> statements) {
    var result = new ArrayList<String>();
    for (var sql : statements) {
      var identity = Forms.DROP_IDENTITY.matcher(sql);
      var at = identity.matches() ? dropNotNull(result, identity.group(1), identity.group(2)) : -1;
      result.add(at < 0 ? result.size() : at, sql);
    }
    return result;
  }

  private static int dropNotNull(List<String> statements, String table, String column) {
    for (var i = 0; i < statements.size(); i++) {
      var matcher = Forms.DROP_NOT_NULL.matcher(statements.get(i));
      if (matcher.matches() && matcher.group(1).equals(table) && matcher.group(2).equals(column)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Indexes of partitioned tables on all their partitions, also on those that another server has.
   * What attaches the partitions' own indexes then finds that done.
   */
  static List<String> withAllPartitions(List<String> statements) {
    return statements.stream()
        .map(sql -> Forms.INDEX_ON_ONLY.matcher(sql).replaceFirst("$1$2"))
        .toList();
  }
}
