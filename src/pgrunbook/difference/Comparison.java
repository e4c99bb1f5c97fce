package pgrunbook.difference;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;
import pgrunbook.postgres.ClusterView;

/** Compares databases twice: as pgCodeKeeper reads them, and in the server's own words. */
final class Comparison {
  private static final int LONGEST = 160;

  private final ClusterView cluster;
  private final List<String> bookkeeping;
  private final Keeper keeper;

  Comparison(ClusterView cluster, Collection<String> bookkeeping) {
    this.cluster = cluster;
    this.bookkeeping = List.copyOf(bookkeeping);
    this.keeper = new Keeper(bookkeeping);
  }

  /** The changes that make the second out of the first. */
  List<Change> changes(String from, String to, UnaryOperator<List<String>> mend)
      throws InterruptedException {
    var changes = new ArrayList<Change>();
    for (var sql : mend.apply(Mends.mended(statements(from, to)))) {
      changes.add(Dangers.judged(sql));
    }
    var guarded = Safeguards.of(cluster, from).marked(changes);
    return new Renames(Column.of(cluster, from), Column.of(cluster, to)).marked(guarded);
  }

  /** What is different, for people; empty where nothing is. */
  List<String> left(String is, String should) throws InterruptedException {
    var left = new ArrayList<String>();
    statements(is, should).forEach(sql -> left.add("still to do: " + shown(sql)));
    if (left.isEmpty()) {
      var lines =
          Catalog.difference(
              Catalog.of(cluster, is, bookkeeping), Catalog.of(cluster, should, bookkeeping));
      lines.forEach(line -> left.add(shown(line)));
    }
    unreadable(should).forEach(left::add);
    return left;
  }

  private List<String> unreadable(String database) {
    return keeper.load(cluster, database).unreadable().stream()
        .map(line -> "not understood: " + shown(line))
        .toList();
  }

  private List<String> statements(String from, String to) throws InterruptedException {
    return keeper.statements(keeper.load(cluster, from), keeper.load(cluster, to));
  }

  static String shown(String text) {
    var line = text.replaceAll("\\s+", " ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }
}
