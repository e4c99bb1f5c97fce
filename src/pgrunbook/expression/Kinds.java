package pgrunbook.expression;

import java.math.BigDecimal;
import java.util.List;

/** What kinds of values there are. */
final class Kinds {
  private Kinds() {}

  static String of(Object value) {
    return switch (value) {
      case Boolean _ -> "true or false";
      case Number _ -> "a number";
      case String _ -> "a text";
      case List<?> _ -> "a list";
      default -> "a " + value.getClass().getSimpleName();
    };
  }

  /** Exact: a long and a double are not rounded to each other. */
  static int compare(Number a, Number b) {
    return new BigDecimal(a.toString()).compareTo(new BigDecimal(b.toString()));
  }
}
