package pgrunbook.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which statements take something away. Functions that a statement calls are not looked into. */
final class LossRules {
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

  private static final Set<String> BEGINNINGS =
      Set.of(
          "drop", "alter", "truncate", "delete", "update", "merge", "execute", "perform", "call");

  private LossRules() {}

  static List<Loss> of(SqlStatement s, int line) {
    if (s.is(0, "drop")) {
      return drop(s, line);
    }
    if (s.starts(0, "alter", "table")) {
      return alterTable(s, line);
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
    var table = s.name(at).orElse("?");
    var losses = new ArrayList<Loss>();
    for (var i = s.find(at, "drop"); i >= 0; i = s.find(i + 1, "drop")) {
      var index = i;
      if (HARMLESS.stream().noneMatch(it -> s.is(index + 1, it))) {
        var column = s.skipNoise(s.is(i + 1, "column") ? i + 2 : i + 1);
        losses.add(new Loss.Column(line, table, s.name(column).orElse("?")));
      }
    }
    if (s.has("type") && s.has("using")) {
      losses.add(new Loss.Other(line, "rewrites a column of " + table + " by an expression"));
    }
    return losses;
  }

  private static List<Loss> rows(SqlStatement s, int line) {
    var delete = s.find(0, "delete", "from");
    if (delete >= 0) {
      return List.of(rows(s, line, delete + 2, "deletes"));
    }
    if (s.starts(0, "merge", "into")) {
      return List.of(rows(s, line, 2, "merges into"));
    }
    if (s.has("conflict") && s.find(0, "do", "update") >= 0) {
      return List.of(rows(s, line, Math.max(0, s.find(0, "into") + 1), "overwrites"));
    }
    var update = s.is(0, "update") ? 0 : s.is(0, "with") ? s.find(0, "update") : -1;
    return update >= 0 ? List.of(rows(s, line, update + 1, "overwrites")) : List.of();
  }

  private static Loss rows(SqlStatement s, int line, int index, String how) {
    return new Loss.Rows(line, s.name(s.skipNoise(index)).orElse("?"), how);
  }

  private static List<String> names(SqlStatement s, int index) {
    var names = new ArrayList<String>();
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

  /** The statements in a block of plpgsql, each from the word on that could take something away. */
  static List<SqlStatement> blocks(List<SqlStatement> statements) {
    return statements.stream().flatMap(it -> inner(it).stream()).toList();
  }

  private static Optional<SqlStatement> inner(SqlStatement s) {
    for (var i = 0; i < s.words().size(); i++) {
      var index = i;
      var before =
          i == 0
              || List.of("begin", "then", "else", "loop").stream()
                  .anyMatch(it -> s.is(index - 1, it));
      if (before && BEGINNINGS.stream().anyMatch(it -> s.is(index, it))) {
        var rest = s.words().subList(i, s.words().size());
        return Optional.of(new SqlStatement(s.line(), rest, List.of()));
      }
    }
    return Optional.empty();
  }
}
