package pgrunbook.yaml;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import pgrunbook.expression.Late;

/** Makes one late list of many late items. */
final class LateList {
  private LateList() {}

  /** A list of which one item has to be waited for has to be waited for. */
  static Late<Object> of(List<Object> items) {
    var lates = items.stream().map(item -> (Late<?>) item).toList();
    var from = new TreeSet<String>();
    var pending = false;
    for (var late : lates) {
      if (late instanceof Late.Pending<?>(_, var steps)) {
        pending = true;
        from.addAll(steps);
      }
    }
    if (pending) {
      var shown = lates.stream().map(Late::shown).collect(Collectors.joining(", ", "[", "]"));
      return new Late.Pending<>(shown, from);
    }
    return Late.known(lates.stream().<Object>map(Late::get).toList());
  }
}
