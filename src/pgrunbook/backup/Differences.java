package pgrunbook.backup;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import pgrunbook.backup.Difference.Kind;

/** Compares two fingerprints, thing by thing. */
final class Differences {
  private static final String NONE = "none";

  private final List<Difference> found = new ArrayList<>();

  private Differences() {}

  static List<Difference> between(Fingerprint expected, Fingerprint actual) {
    var all = new Differences();
    if (expected.schemaHash().isPresent() && actual.schemaHash().isPresent()) {
      all.add(Kind.SCHEMA, "", expected.schemaHash().get(), actual.schemaHash().get());
    }
    all.tables(expected.tables(), actual.tables());
    all.each(Kind.SEQUENCE, expected.sequences(), actual.sequences(), Object::toString);
    all.each(Kind.EXTENSION, expected.extensions(), actual.extensions(), v -> v);
    all.add(
        Kind.LARGE_OBJECTS,
        "",
        expected.largeObjects().toString(),
        actual.largeObjects().toString());
    all.each(
        Kind.MATERIALISED_VIEW,
        expected.materialisedViews(),
        actual.materialisedViews(),
        rows -> rows + " rows");
    return List.copyOf(all.found);
  }

  private void tables(
      SortedMap<TableName, TableSum> expected, SortedMap<TableName, TableSum> actual) {
    for (var name : union(expected, actual)) {
      var want = expected.get(name);
      var have = actual.get(name);
      if (want == null) {
        add(Kind.TABLE_UNEXPECTED, name.toString(), NONE, rows(have));
      } else if (have == null) {
        add(Kind.TABLE_MISSING, name.toString(), rows(want), NONE);
      } else if (want.rows() != have.rows()) {
        add(Kind.ROWS, name.toString(), rows(want), rows(have));
      } else {
        add(Kind.CONTENT, name.toString(), want.content(), have.content());
      }
    }
  }

  private static String rows(@Nullable TableSum sum) {
    return sum == null ? NONE : sum.rows() + " rows";
  }

  private <K extends Comparable<K>, V> void each(
      Kind kind, SortedMap<K, V> expected, SortedMap<K, V> actual, Function<V, String> shown) {
    for (var name : union(expected, actual)) {
      var want = expected.get(name);
      var have = actual.get(name);
      add(
          kind,
          name.toString(),
          want == null ? NONE : shown.apply(want),
          have == null ? NONE : shown.apply(have));
    }
  }

  private static <K extends Comparable<K>> Set<K> union(
      SortedMap<K, ?> expected, SortedMap<K, ?> actual) {
    var names = new TreeSet<>(expected.keySet());
    names.addAll(actual.keySet());
    return names;
  }

  private void add(Kind kind, String name, String expected, String actual) {
    if (!expected.equals(actual)) {
      found.add(new Difference(kind, name, expected, actual));
    }
  }
}
