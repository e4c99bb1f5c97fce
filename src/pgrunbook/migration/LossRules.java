package pgrunbook.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Which statements take something away. Functions that a statement calls are not looked into. */
final class LossRules {
  private static final String LARGE_OBJECTS = "lo_unlink";

  /** What can be dropped inside ALTER TABLE without taking data away. */
  private static final Set<String> HARMLESS =
      Set.of("constraint", "not", "default", "identity", "expression");

  /** What can be dropped without taking data away, unless CASCADE reaches further. */
  private static final Set<String> WITHOUT_DATA =
      Set.of(
          "index",
          "view",
          "function",
          "procedure",
          "routine",
          "aggregate",
          "trigger",
          "policy",
          "rule",
          "operator",
          "cast",
          "collation",
          "conversion",
          "statistics",
          "publication",
          "event",
          "materialized",
          "text",
          "type",
          "domain");

  /** Words that take something away wherever they stand in a block of plpgsql. */
  private static final Set<String> BEGINNINGS =
      Set.of(
          "drop",
          "alter",
          "truncate",
          "delete",
          "update",
          "insert",
          "merge",
          "execute",
          "call",
          LARGE_OBJECTS);

  /** Behind these the same words don't: ON DELETE, FOR UPDATE, GRANT UPDATE, AFTER UPDATE OR … */
  private static final Set<String> BEFORE_HARMLESS =
      Set.of("on", "for", "key", "grant", "revoke", ",", ".", "after", "before", "or", "of", "do");

  /** Words of which the rules look for the first one, and for what stands behind it. */
  private static final Set<String> ALSO_TELLING = Set.of("conflict", "do", "concurrently");

  private LossRules() {}

  /** Whether a word can tell, wherever it stands in a statement. */
  static boolean isTelling(String word) {
    return BEGINNINGS.contains(word) || ALSO_TELLING.contains(word);
  }

  static List<Loss> of(SqlStatement s, int line) {
    if (s.is(0, "drop")) {
      return drop(s, line);
    }
    if (s.starts(0, "alter", "table")) {
      return alterTable(s, line);
    }
    if (s.starts(0, "alter", "type") && s.find(0, "attribute") >= 0 && dropsOrChanges(s)) {
      return List.of(new Loss.Other(line, words(s, 6)));
    }
    if (s.is(0, "truncate")) {
      return names(s, s.skipNoise(s.is(1, "table") ? 2 : 1)).stream()
          .<Loss>map(table -> new Loss.Table(line, table, false))
          .toList();
    }
    if (s.is(0, "call") || s.is(0, "execute")) {
      return List.of(new Loss.Untold(line, "what " + words(s, 3) + "… does"));
    }
    return rows(s, line);
  }

  private static List<Loss> drop(SqlStatement s, int line) {
    if (s.is(1, "table") || s.starts(1, "foreign", "table")) {
      var index = s.skipNoise(s.is(1, "table") ? 2 : 3);
      return names(s, index).stream().<Loss>map(it -> new Loss.Table(line, it, true)).toList();
    }
    var harmless = WITHOUT_DATA.stream().anyMatch(kind -> s.is(1, kind)) && !s.has("cascade");
    return harmless ? List.of() : List.of(new Loss.Other(line, words(s, 5)));
  }

  private static List<Loss> alterTable(SqlStatement s, int line) {
    var at = s.skipNoise(2);
    var table = s.name(at).orElse(SqlName.UNKNOWN);
    var losses = new ArrayList<Loss>();
    for (var i = s.find(at, "drop"); i >= 0; i = s.find(i + 1, "drop")) {
      var index = i;
      if (HARMLESS.stream().noneMatch(it -> s.is(index + 1, it))) {
        losses.add(column(s, line, table, i, true));
      }
    }
    for (var i = s.find(at, "alter"); i >= 0; i = s.find(i + 1, "alter")) {
      var type = s.is(i + 1, "column") ? i + 3 : i + 2;
      if (s.is(type, "type") || s.starts(type, "set", "data", "type")) {
        losses.add(column(s, line, table, i, false));
      }
    }
    return losses;
  }

  private static Loss column(SqlStatement s, int line, SqlName table, int verb, boolean dropped) {
    var at = s.skipNoise(s.is(verb + 1, "column") ? verb + 2 : verb + 1);
    return new Loss.Column(line, table, s.name(at).orElse(SqlName.UNKNOWN).last(), dropped);
  }

  private static boolean dropsOrChanges(SqlStatement s) {
    return s.find(0, "drop", "attribute") >= 0 || s.find(0, "alter", "attribute") >= 0;
  }

  private static List<Loss> rows(SqlStatement s, int line) {
    var delete = s.find(0, "delete", "from");
    if (delete >= 0) {
      return List.of(rows(s, line, delete + 2, "deletes"));
    }
    var merge = s.find(0, "merge", "into");
    if (merge >= 0) {
      return List.of(rows(s, line, merge + 2, "merges into"));
    }
    if (s.has(LARGE_OBJECTS)) {
      return List.of(new Loss.Other(line, "removes large objects"));
    }
    if (s.has("conflict") && s.find(0, "do", "update") >= 0) {
      return List.of(rows(s, line, Math.max(0, s.find(0, "into") + 1), "overwrites"));
    }
    var update = s.is(0, "update") ? 0 : s.is(0, "with") ? s.find(0, "update") : -1;
    return update >= 0 ? List.of(rows(s, line, update + 1, "overwrites")) : List.of();
  }

  private static Loss rows(SqlStatement s, int line, int index, String how) {
    return new Loss.Rows(line, s.name(s.skipNoise(index)).orElse(SqlName.UNKNOWN), how);
  }

  private static List<SqlName> names(SqlStatement s, int index) {
    var names = new ArrayList<SqlName>();
    for (var i = index; s.name(i).isPresent(); i = s.afterName(i) + 1) {
      s.name(i).ifPresent(names::add);
      if (!s.is(s.afterName(i), ",")) {
        break;
      }
    }
    return names;
  }

  private static String words(SqlStatement s, int most) {
    return String.join(" ", s.words().stream().limit(most).map(SqlStatement.Word::text).toList());
  }

  /** Of a statement in a block of plpgsql, in which another statement may stand. */
  static List<Loss> within(SqlStatement s, int line) {
    var losses = new ArrayList<Loss>();
    for (var i = 0; i < s.words().size(); i++) {
      if (begins(s, i)) {
        losses.addAll(of(s.from(i), line));
        if (s.is(i, "alter") || s.is(i, "drop") || s.is(i, "merge")) {
          break; // its DROP and UPDATE are its own
        }
      }
    }
    return losses.stream().distinct().toList();
  }

  private static boolean begins(SqlStatement s, int index) {
    return BEGINNINGS.stream().anyMatch(it -> s.is(index, it))
        && BEFORE_HARMLESS.stream().noneMatch(it -> s.is(index - 1, it));
  }
}
