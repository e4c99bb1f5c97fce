package pgrunbook.actions;

import java.util.Comparator;

/** Versions of extensions, which are mostly numbers with points: 0.10.0 is later than 0.9.1. */
final class ExtensionVersions {
  static final Comparator<String> ORDER = ExtensionVersions::compare;

  private ExtensionVersions() {}

  private static int compare(String a, String b) {
    var left = a.split("[.-]", -1);
    var right = b.split("[.-]", -1);
    for (var i = 0; i < Math.max(left.length, right.length); i++) {
      var order = comparePart(i < left.length ? left[i] : "0", i < right.length ? right[i] : "0");
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static int comparePart(String a, String b) {
    return a.matches("\\d{1,9}") && b.matches("\\d{1,9}")
        ? Integer.compare(Integer.parseInt(a), Integer.parseInt(b))
        : a.compareTo(b);
  }
}
