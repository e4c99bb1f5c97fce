package pgrunbook.yaml;

import java.math.BigInteger;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import pgrunbook.text.Closest;
import pgrunbook.text.Place;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;
import pgrunbook.text.Secret;

/** Reads single values, those that are written and those that an expression yields. */
final class Scalars {
  private static final Pattern WHOLE = Pattern.compile("-?(?:0|[1-9][0-9]*)");
  private static final Pattern DECIMAL =
      Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?");

  private final Problems problems;

  Scalars(Problems problems) {
    this.problems = problems;
  }

  /** Says what was expected and what was found instead. */
  Optional<Object> wrong(Shape shape, String name, Place at, String found, Optional<String> hint) {
    var what = "'" + name + "' must be " + Expected.by(shape) + ", found " + found;
    problems.add(new Problem(at, what, hint));
    return Optional.empty();
  }

  /** A value as it is written. In quotes it is a text, whatever it looks like. */
  Optional<Object> written(Shape shape, YamlNode.Scalar scalar, String name) {
    var text = scalar.text();
    var isText = shape instanceof Shape.Bool || isNumber(shape);
    if (!scalar.plain() && isText) {
      var hint = parsed(shape, text).map(_ -> "write it without quotes");
      return wrong(shape, name, scalar.place(), Found.shown(scalar), hint);
    }
    if (shape instanceof Shape.Any) {
      return Optional.of(scalar.plain() ? natural(text) : text);
    }
    var value = parsed(shape, text);
    return value.isPresent()
        ? value
        : wrong(shape, name, scalar.place(), Found.shown(scalar), hint(shape, text));
  }

  /** What an expression yields; a text, such as one from the environment, is read as if written. */
  Optional<Object> computed(Shape shape, Object value, YamlNode.Scalar scalar, String name) {
    if (shape instanceof Shape.ListOf(var item) && value instanceof List<?> list) {
      var items = new ArrayList<>();
      list.forEach(each -> computed(item, each, scalar, name).ifPresent(items::add));
      return items.size() == list.size() ? Optional.of(List.copyOf(items)) : Optional.empty();
    }
    var fits = value instanceof List<?> ? Optional.empty() : single(shape, value);
    return fits.isPresent()
        ? fits.map(fit -> fit)
        : wrong(
            shape,
            name,
            scalar.place(),
            Found.shown(value) + " in " + scalar.text().strip(),
            Optional.empty());
  }

  private static Optional<Object> single(Shape shape, Object value) {
    return shape instanceof Shape.Any ? Optional.of(value) : parsed(shape, String.valueOf(value));
  }

  private static boolean isNumber(Shape shape) {
    return shape instanceof Shape.Whole || shape instanceof Shape.Decimal;
  }

  private static Optional<Object> parsed(Shape shape, String text) {
    return switch (shape) {
      case Shape.Text() -> Optional.of(text);
      case Shape.Hidden() -> Optional.of(new Secret(text));
      case Shape.Any() -> Optional.of(text);
      case Shape.Bool() ->
          text.equals("true") || text.equals("false")
              ? Optional.of(text.equals("true"))
              : Optional.empty();
      case Shape.Whole(var isLong) -> whole(text, isLong);
      case Shape.Decimal() ->
          DECIMAL.matcher(text).matches() ? Optional.of(Double.valueOf(text)) : Optional.empty();
      case Shape.Span() -> Spans.parse(text).map(d -> d);
      case Shape.Moment() -> moment(text);
      case Shape.Choice(var type) -> Shapes.constant(type, text).map(c -> c);
      case Shape.ListOf _,
          Shape.MapOf _,
          Shape.Maybe _,
          Shape.LateOf _,
          Shape.Nested _,
          Shape.Raw _,
          Shape.Condition _,
          Shape.Where _ ->
          Optional.empty();
    };
  }

  private static Optional<Object> whole(String text, boolean isLong) {
    if (!WHOLE.matcher(text).matches()) {
      return Optional.empty();
    }
    var number = new BigInteger(text);
    if (number.bitLength() > (isLong ? 63 : 31)) {
      return Optional.empty();
    }
    return Optional.of(isLong ? (Object) number.longValue() : (Object) number.intValue());
  }

  private static Optional<Object> moment(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }

  /**
   * A value without quotes whose kind nobody prescribes; none is changed: 010 and 1.10 are texts.
   */
  static Object natural(String text) {
    if (text.equals("true") || text.equals("false")) {
      return text.equals("true");
    }
    if (!DECIMAL.matcher(text).matches()) {
      return text;
    }
    Object number =
        whole(text, true).orElseGet(() -> text.contains(".") ? Double.valueOf(text) : text);
    return number.toString().equals(text) ? number : text;
  }

  private static Optional<String> hint(Shape shape, String text) {
    return switch (shape) {
      case Shape.Bool() ->
          switch (text.toLowerCase(Locale.ROOT)) {
            case "yes", "on", "y", "true", "1" -> Optional.of("write true");
            case "no", "off", "n", "false", "0" -> Optional.of("write false");
            default -> Optional.empty();
          };
      case Shape.Whole(var isLong) when WHOLE.matcher(text).matches() ->
          Optional.of("its limit is " + (isLong ? Long.MAX_VALUE : Integer.MAX_VALUE));
      case Shape.Whole(_) when text.matches("-?0[0-9]+") ->
          Optional.of("write it without the leading 0");
      case Shape.Span() when text.matches("[0-9]+") ->
          Optional.of("write " + text + "s for seconds, " + text + "m for minutes");
      case Shape.Span() -> Optional.of("write it as 500ms, 90s, 5m, 2h, 1d or 1h30m");
      case Shape.Choice(var type) -> Optional.of(Closest.hint(text, Shapes.choices(type)));
      default -> Optional.empty();
    };
  }
}
