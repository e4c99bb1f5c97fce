package pgrunbook.yaml;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A record's component as YAML and JSON see it. */
record Component(
    String key, Shape shape, Optional<String> doc, Optional<String> byDefault, RecordComponent of) {

  /** Reflection takes its time, and a runbook binds the same few types for each of its steps. */
  private static final ClassValue<List<Component>> KNOWN =
      new ClassValue<>() {
        @Override
        protected List<Component> computeValue(Class<?> type) {
          return Arrays.stream(type.getRecordComponents()).map(Component::component).toList();
        }
      };

  static List<Component> of(Class<? extends Record> type) {
    return KNOWN.get(type);
  }

  private static Component component(RecordComponent of) {
    return new Component(
        Optional.ofNullable(of.getAnnotation(Key.class))
            .map(Key::value)
            .orElseGet(() -> key(of.getName())),
        Shapes.of(of.getGenericType()),
        Optional.ofNullable(of.getAnnotation(Doc.class)).map(Doc::value),
        Optional.ofNullable(of.getAnnotation(Default.class)).map(Default::value),
        of);
  }

  /** <code>maxAttempts</code> is <code>max_attempts</code>; <code>default_</code> is a keyword. */
  private static String key(String name) {
    var bare = name.endsWith("_") ? name.substring(0, name.length() - 1) : name;
    return bare.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }

  /** Whether something has to be written. */
  boolean isRequired() {
    return byDefault.isEmpty() && !(shape instanceof Shape.Maybe) && isWritten();
  }

  boolean isWritten() {
    return !(shape instanceof Shape.Where);
  }

  Object valueIn(Record written) {
    try {
      var accessor = of.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(written);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read '" + key + "'", e);
    }
  }

  /**
   * Makes a record from the values of all its components.
   *
   * @throws IllegalArgumentException where the record itself refuses them
   */
  static <R extends Record> R make(Class<R> type, List<Object> values) {
    try {
      return constructor(type).newInstance(values.toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("cannot make " + type, e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make " + type, e);
    }
  }

  private static <R extends Record> Constructor<R> constructor(Class<R> type)
      throws NoSuchMethodException {
    var types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    var constructor = type.getDeclaredConstructor(types);
    constructor.setAccessible(true);
    return constructor;
  }
}
