package pgrunbook.yaml;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pgrunbook.expression.Expression;
import pgrunbook.expression.Late;
import pgrunbook.text.Place;
import pgrunbook.text.Secret;

/** Records that the tests bind, one component of each kind. */
final class Bound {
  private Bound() {}

  enum Mode {
    FAST,
    VERY_SAFE
  }

  record Inner(@Doc("its name") String name, @Default("3") int times) {
    Inner {
      if (times < 0) {
        throw new IllegalArgumentException("'times' must not be negative");
      }
    }
  }

  record Everything(
      String text,
      boolean flag,
      int small,
      long large,
      double share,
      Duration pause,
      Mode mode,
      List<String> names,
      Map<String, Integer> counts,
      Optional<String> maybe,
      Inner inner,
      Secret password,
      Object any,
      YamlNode raw,
      Late<String> late,
      Late<List<String>> lateList,
      List<Late<String>> listOfLate,
      Map<String, Late<Long>> mapOfLate,
      Optional<Late<Boolean>> maybeLate,
      Optional<Expression> when,
      @Key("protected") boolean isProtected,
      Object default_,
      Place place) {}

  record Few(
      String label,
      @Default("false") boolean keepOld,
      @Default("5m") Duration pause,
      @Default("fast") Mode mode,
      @Default("[]") List<String> services,
      @Default("1") int maxCount,
      @Default("0.5") double share,
      Optional<Inner> inner) {}

  record Output(
      String file,
      long bytes,
      Optional<String> note,
      Optional<Integer> count,
      List<Inner> inners,
      Map<String, Long> rows,
      Instant at,
      Duration took,
      Mode mode,
      @Default("true") boolean complete) {}
}
