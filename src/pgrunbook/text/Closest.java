package pgrunbook.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds what somebody who mistyped a name most likely meant. */
public final class Closest {
  /** More names than that nobody reads, nor compares, in a file that has thousands. */
  private static final int MOST_SHOWN = 40;

  private static final int MOST_COMPARED = 300;

  private Closest() {}

  /** <code>did you mean 'x'?</code>, or what there is, where nothing is near. */
  public static String hint(String written, Collection<String> known) {
    return to(written, known)
        .map(name -> "did you mean '" + name + "'?")
        .orElseGet(() -> known.isEmpty() ? "there is none" : "known: " + shown(known));
  }

  private static String shown(Collection<String> known) {
    var some = known.stream().limit(MOST_SHOWN).collect(Collectors.joining(", "));
    return known.size() > MOST_SHOWN
        ? some + " and " + (known.size() - MOST_SHOWN) + " more"
        : some;
  }

  /** The nearest name, by edit distance, where it is near enough to be a slip. */
  public static Optional<String> to(String written, Collection<String> known) {
    var limit = Math.max(2, written.length() / 3);
    return known.stream()
        .limit(MOST_COMPARED)
        .filter(name -> distance(written, name) <= limit)
        .min(Comparator.comparingInt(name -> distance(written, name)));
  }

  private static int distance(String a, String b) {
    var row = new int[b.length() + 1];
    for (var j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (var i = 1; i <= a.length(); i++) {
      var diagonal = row[0];
      row[0] = i;
      for (var j = 1; j <= b.length(); j++) {
        var above = row[j];
        var change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j] + 1, row[j - 1] + 1), diagonal + change);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
