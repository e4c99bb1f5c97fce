package pgrunbook.action;

/**
 * Something that a read-only check found out about the target.
 *
 * @param identity whether a change of it between plan and run means another target or another input
 */
public record Fact(String name, String value, boolean identity) {
  public static Fact of(String name, Object value) {
    return new Fact(name, String.valueOf(value), false);
  }

  public static Fact identity(String name, Object value) {
    return new Fact(name, String.valueOf(value), true);
  }
}
