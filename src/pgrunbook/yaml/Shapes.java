package pgrunbook.yaml;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import pgrunbook.expression.Expression;
import pgrunbook.expression.Late;
import pgrunbook.text.Place;
import pgrunbook.text.Secret;

/** Finds the shape of a Java type. */
final class Shapes {
  private Shapes() {}

  static Shape of(Type type) {
    return switch (type) {
      case Class<?> plain -> plain(plain);
      case ParameterizedType generic -> generic(generic);
      default -> throw unsupported(type);
    };
  }

  private static Shape plain(Class<?> type) {
    if (type == String.class) {
      return new Shape.Text();
    } else if (type == boolean.class || type == Boolean.class) {
      return new Shape.Bool();
    } else if (type == int.class || type == Integer.class) {
      return new Shape.Whole(false);
    } else if (type == long.class || type == Long.class) {
      return new Shape.Whole(true);
    } else if (type == double.class || type == Double.class) {
      return new Shape.Decimal();
    } else if (type == Duration.class) {
      return new Shape.Span();
    } else if (type == Instant.class) {
      return new Shape.Moment();
    } else if (type == Object.class) {
      return new Shape.Any();
    } else if (type == Expression.class) {
      return new Shape.Condition();
    } else if (type == Place.class) {
      return new Shape.Where();
    } else if (type == Secret.class) {
      return new Shape.Hidden();
    } else if (YamlNode.class.isAssignableFrom(type)) {
      return new Shape.Raw(type.asSubclass(YamlNode.class));
    } else if (type.isEnum()) {
      return new Shape.Choice(enumType(type));
    } else if (type.isRecord()) {
      return new Shape.Nested(type.asSubclass(Record.class));
    }
    throw unsupported(type);
  }

  private static Shape generic(ParameterizedType type) {
    var arguments = type.getActualTypeArguments();
    var raw = type.getRawType();
    if (raw == List.class) {
      return new Shape.ListOf(of(arguments[0]));
    } else if (raw == Map.class && arguments[0] == String.class) {
      return new Shape.MapOf(of(arguments[1]));
    } else if (raw == Optional.class) {
      return new Shape.Maybe(of(arguments[0]));
    } else if (raw == Late.class) {
      return new Shape.LateOf(of(arguments[0]));
    }
    throw unsupported(type);
  }

  @SuppressWarnings("unchecked")
  private static Class<? extends Enum<?>> enumType(Class<?> type) {
    return (Class<? extends Enum<?>>) type;
  }

  private static IllegalArgumentException unsupported(Type type) {
    return new IllegalArgumentException("records cannot be bound to " + type.getTypeName());
  }

  /** How an enum's constants are written. */
  static List<String> choices(Class<? extends Enum<?>> type) {
    return Arrays.stream(constants(type)).map(Shapes::written).toList();
  }

  static Enum<?>[] constants(Class<? extends Enum<?>> type) {
    var constants = type.getEnumConstants();
    return constants == null ? new Enum<?>[0] : constants;
  }

  static String written(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static Optional<Enum<?>> constant(Class<? extends Enum<?>> type, String text) {
    return Arrays.<Enum<?>>stream(constants(type))
        .filter(constant -> written(constant).equals(text))
        .findFirst();
  }
}
