package pgrunbook.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** A real thing that lets a test in at one of its methods. */
public final class Interposed {
  private Interposed() {}

  /** The call as it was meant. */
  public interface Meant {
    Object call() throws Throwable;
  }

  /** What is done in its place. */
  public interface Instead {
    Object of(Meant meant) throws Throwable;
  }

  /** The same thing but for the methods of that name. */
  public static <T> T in(Class<T> type, T real, String name, Instead instead) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              Meant meant =
                  () -> {
                    try {
                      return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                      throw e.getCause();
                    }
                  };
              return method.getName().equals(name) ? instead.of(meant) : meant.call();
            }));
  }
}
